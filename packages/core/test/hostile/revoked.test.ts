import { describe, expect, test } from 'vitest'
import { createWorld } from '../support/world'

const scene = async () => {
  const world = createWorld()
  const welcome = new Set(['laptop', 'phone'])
  const nas = world.device('nas', { accept: ({ id }) => welcome.has(id) })
  let runs = 0
  let isAborted = false
  nas.handle('count', () => ++runs)
  nas.handle('wait', (_input, { signal }) => {
    signal.addEventListener('abort', () => (isAborted = true))
    return new Promise(() => {})
  })
  await world.settled(nas.open())
  const connect = (id: string) =>
    world.create(id, { reconnect: { minDelay: 100, maxDelay: 100 } }).connect('nas')
  return { ...world, nas, welcome, connect, runs: () => runs, isAborted: () => isAborted }
}

describe('a remote that is revoked', () => {
  test('is cut off at once, with all that it has under way, and not let in again', async () => {
    const { nas, welcome, connect, settled, clock, runs, isAborted } = await scene()
    const laptop = connect('laptop')
    const phone = connect('phone')
    expect(await settled(laptop.request('count'))).toBe(1)
    expect(await settled(phone.request('count'))).toBe(2)
    const waiting = laptop.request('wait').catch((error) => error)
    await clock.advance(100)
    welcome.delete('laptop')
    nas.$connections.value?.find(({ remoteId }) => remoteId === 'laptop')?.revoke()
    expect(await settled(waiting)).toMatchObject({ code: 'REFUSED' })
    expect(isAborted()).toBe(true)
    await expect(settled(laptop.request('count'))).rejects.toMatchObject({ code: 'REFUSED' })
    expect(await settled(phone.request('count'))).toBe(3)
    expect(runs()).toBe(3)
    await clock.advance(5000)
    expect(nas.$connections.value?.some(({ remoteId }) => remoteId === 'laptop')).toBe(false)
  })

  test('is let in again when `accept` says so', async () => {
    const { nas, connect, settled, clock, state } = await scene()
    const laptop = connect('laptop')
    await settled(laptop.request('count'))
    nas.$connections.value?.[0]?.revoke()
    await clock.runUntil(() => state(laptop) === 'closed')
    laptop.reconnect()
    expect(await settled(laptop.request('count'))).toBe(2)
  })
})
