import { logger, action as named } from '@nanostores/logger'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nameCauses } from '../src/index'
import { logPeer } from './recipes/log-peer'
import { createWorld } from './support/world'

/** What the logger writes, without its colours; a group's lines are indented under it. */
let written: string[]

beforeEach(() => {
  written = []
  let depth = 0
  const write = (template: string, ...rest: unknown[]) => {
    const value = rest.find((one) => typeof one === 'object')
    const text = template.replaceAll('%c', '').replace('𝖓', '')
    written.push(`${'  '.repeat(depth)}${text}${value ? ` ${JSON.stringify(value)}` : ''}`)
  }
  vi.spyOn(console, 'log').mockImplementation(write)
  vi.spyOn(console, 'groupCollapsed').mockImplementation((template: string) => {
    write(template)
    depth++
  })
  vi.spyOn(console, 'groupEnd').mockImplementation(() => depth--)
})

const undo: (() => void)[] = []
afterEach(() => {
  for (const stop of undo.splice(0)) stop()
  vi.restoreAllMocks()
})

/** A laptop and its connection to a device, logged under readable names. */
const createLogged = async () => {
  const world = createWorld()
  world.device('nas')
  const laptop = world.create('laptop')
  const nas = laptop.connect('nas')
  // What `connect` held for a moment has been let go of.
  await world.clock.runUntil(() => world.state(laptop) === 'idle' && world.state(nas) === 'closed')
  const stores = { laptop: laptop.$status, 'laptop → nas': nas.$status }
  undo.push(logger(stores, { messages: { mount: false, unmount: false } }))
  const actions = () => written.filter((line) => line.startsWith('action'))
  return { ...world, laptop, nas, actions }
}

test("nanostores' own logger says what changed, under which name, and why", async () => {
  const { net, clock, laptop, nas, state, actions } = await createLogged()
  undo.push(nameCauses(named, laptop.$status, nas.$status))
  undo.push(nas.$status.listen(() => {}))
  await clock.runUntil(() => state(nas) === 'open')
  net.cut('laptop', 'nas')
  await clock.runUntil(() => state(nas) === 'reconnecting')
  net.heal('laptop', 'nas')
  await clock.runUntil(() => state(nas) === 'open')
  const why = actions().map((line) => line.replace('action ', '').replace('store was changed by action ', ''))
  expect(why).toEqual([
    'laptop held',
    'laptop → nas dialled',
    'laptop opened',
    'laptop → nas opened',
    'laptop → nas lost (CONNECTION_LOST)',
    'laptop → nas opened',
  ])
  const lost = written.findIndex((line) => line.includes('lost'))
  expect(written.slice(lost + 1, lost + 3)).toEqual([
    '  change laptop → nas store was changed',
    '    new {"state":"reconnecting","error":{},"retryAt":null}',
  ])
})

test('a logged peer and connection stay closed until something else holds them, and end when that lets go', async () => {
  const { clock, laptop, nas, state } = await createLogged()
  undo.push(nameCauses(named, laptop.$status, nas.$status))
  await clock.advance(60_000)
  expect([state(laptop), state(nas)]).toEqual(['idle', 'closed'])
  expect(written).toEqual([])
  const release = nas.$status.listen(() => {})
  await clock.runUntil(() => state(nas) === 'open')
  release()
  await clock.advance(60_000)
  expect(state(laptop)).toBe('idle')
  expect(laptop.$status.lc + nas.$status.lc).toBe(0)
})

test('without named causes the logger shows the changes alone, as it does after the undo', async () => {
  const { clock, laptop, nas, state, actions } = await createLogged()
  const unname = nameCauses(named, laptop.$status, nas.$status)
  unname()
  undo.push(nas.$status.listen(() => {}))
  await clock.runUntil(() => state(nas) === 'open')
  expect(actions()).toEqual([])
  expect(written).toContain('change laptop → nas store was changed')
})

test('a listener that throws loses no change, and its error is reported', async () => {
  const reported: unknown[] = []
  const report = (error: unknown) => reported.push(error)
  process.on('uncaughtException', report)
  undo.push(() => process.off('uncaughtException', report))
  const { clock, laptop, nas, state } = await createLogged()
  undo.push(nameCauses(named, laptop.$status, nas.$status))
  undo.push(
    nas.$status.listen(({ state }) => {
      if (state === 'connecting') throw new Error('mine')
    }),
  )
  await clock.runUntil(() => state(nas) === 'open')
  expect(written).toContain('action laptop → nas store was changed by action opened')
  await expect.poll(() => reported).toMatchObject([{ message: 'mine' }])
})

test('a logged device shows the connections that come, holds none, and is silent after the undo', async () => {
  const { clock, create, state, settled } = createWorld()
  const nas = create('nas', { accept: 'anyone' })
  const stop = logPeer(nas)
  undo.push(stop)
  expect(state(nas)).toBe('idle')
  nas.open().catch(() => {})
  const connection = create('laptop').connect('nas')
  const release = connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'open')
  expect(written).toContain('action nas → laptop store was changed by action opened')
  release()
  await clock.advance(60_000)
  expect(nas.$connections.value).toEqual([])
  expect(written.filter((line) => line.includes('mounted'))).toEqual(['mount nas store was mounted'])
  stop()
  written = []
  await settled(nas.destroy())
  expect(written).toEqual([])
})
