import {
  comesToSay,
  createRoutedWorld,
  expectNoFlash,
  expectNothingHeld,
  list,
  passed,
  type RoutedWorld,
} from '@nanopeer/conformance'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onBeforeRouteUpdate } from 'vue-router'
import { usePeer } from '../../src'
import { createDevice, createPage, toDevice } from './page'

let world: RoutedWorld
beforeEach(async () => {
  world = await createRoutedWorld()
})
afterEach(() => world.close())

const routes = () => toDevice((props) => createDevice(world, props).text)

test('a guard asks over the connection that the page then has, and leaves nothing where it keeps people out', async () => {
  const page = await createPage(world, routes())
  page.router.beforeEach(async ({ params: { id } }) => {
    if (!id) return true
    const answer = await world.laptop.connect(id as string).request(list, { path: 'guard' })
    return answer === 'guard of a'
  })
  await passed(page.router.push('/device/b'))
  expect(page.text()).toBe('home')
  await expectNothingHeld(world)
  await passed(page.router.push('/device/a'))
  expect(page.text()).toBe('a: open, undefined')
  await comesToSay(page, 'a: open, / of a')
  await passed(page.router.push('/device/b'))
  expect(page.text()).toBe('a: open, / of a')
  expect(world.did).toEqual(['dial b', 'ask b', 'dial a', 'ask a', 'ask a', 'dial b', 'ask b'])
  await passed(page.router.push('/'))
  await expectNothingHeld(world)
  expectNoFlash(world)
})

test('a guard that asks a device that is not there hears so, and leaves nothing', async () => {
  const page = await createPage(world, routes())
  const refusals: unknown[] = []
  page.router.beforeEach(async ({ params: { id } }) => {
    if (!id) return true
    const asked = world.laptop.connect(id as string).request(list, { path: 'guard' }, { timeout: 200 })
    return asked.then(
      () => true,
      ({ code }) => refusals.push(code) < 0,
    )
  })
  await passed(page.router.push('/device/c'))
  expect(page.text()).toBe('home')
  expect(refusals).toEqual(['PEER_UNAVAILABLE'])
  await expectNothingHeld(world)
})

test('a composable in a guard is in no scope, which the console tells', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  world.leave(() => vi.restoreAllMocks())
  const page = await createPage(world, routes())
  page.router.beforeEach(() => {
    usePeer('laptop', world.options)
  })
  await passed(page.router.push('/device/a'))
  expect(warn.mock.calls.map(([text]) => String(text).slice(0, 9))).toEqual(['nanopeer:'])
})

test('a page that asks the next device before it goes there dials it once', async () => {
  const greeted: string[] = []
  const asking = toDevice((props) => {
    const { peer, text } = createDevice(world, props)
    onBeforeRouteUpdate(async ({ params: { id } }) => {
      const next = peer.value?.connect(id as string)
      greeted.push((await next?.request(list, { path: 'next' })) ?? 'nobody')
    })
    return text
  })
  const page = await createPage(world, asking)
  await passed(page.router.push('/device/a'))
  await comesToSay(page, 'a: open, / of a')
  await passed(page.router.push('/device/b'))
  expect(greeted).toEqual(['next of b'])
  expect(page.text()).toBe('b: open, undefined')
  await comesToSay(page, 'b: open, / of b')
  await passed(page.router.push('/'))
  await expectNothingHeld(world)
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b', 'ask b'])
  expectNoFlash(world)
})
