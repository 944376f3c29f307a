import { createRemoteStore, share, store } from '@nanopeer/core'
import { atom } from 'nanostores'
import { describe, expect, test } from 'vitest'
import { limitUses } from '../../src/model/limits'
import { reportOn } from '../../src/model/report'
import { storesOf } from '../../src/model/stores'
import { createWorld, eventually, type World } from '../world'

const peerOf = ({ recorder }: World, id: 'device' | 'laptop') => {
  const found = [...recorder.peers.values()].findLast((peer) => peer.id === id)
  if (!found) throw new Error(`${id} is not recorded.`)
  return found
}

describe('limits', () => {
  test('say how much is used now, and what was reached how often', async () => {
    const world = await createWorld({ sessions: 1 })
    const { device, connection, recorder } = world
    device.handle('never', () => new Promise(() => {}))
    const asked = Promise.allSettled([connection.request('never'), connection.request('never')])
    const useOf = (name: string) =>
      limitUses(peerOf(world, 'device'), recorder.requests.running(), Date.now()).find(
        (use) => use.name === name,
      )
    await eventually(() =>
      expect(useOf('runningHandlers')).toMatchObject({ used: 2, limit: 4096, unit: 'count' }),
    )
    expect(useOf('pendingRequests')).toMatchObject({ used: 2 })
    expect(useOf('sessions')).toMatchObject({ used: 1, limit: 1 })
    expect(useOf('dialsPerMinute')).toMatchObject({ used: 1 })
    expect(useOf('messageSize')).toMatchObject({ used: null, unit: 'bytes', hits: 0 })
    recorder.event({ type: 'limit-hit', limit: 'messageSize', remoteId: 'laptop' }, device)
    const [first] = limitUses(peerOf(world, 'device'), recorder.requests.running(), Date.now())
    expect(first).toMatchObject({ name: expect.stringMatching(/sessions|messageSize/) })
    expect(useOf('messageSize')).toMatchObject({ hits: 1 })
    await connection.close()
    await asked
  })
})

describe('remote stores', () => {
  test('are those that are followed, at either end', async () => {
    const world = await createWorld()
    const { device, connection, recorder } = world
    const settings = store<{ target: number }>('settings')
    share(device, settings, atom({ target: 21 }))
    const { $state } = createRemoteStore(connection, settings)
    const unlisten = $state.listen(() => {})
    const running = () => [...recorder.requests.running()]
    await eventually(() => {
      expect(storesOf(running(), 'laptop')).toMatchObject([
        { name: 'settings', direction: 'out', remoteId: 'device' },
      ])
      expect(storesOf(running(), 'device')).toMatchObject([
        { name: 'settings', direction: 'in', followers: 1 },
      ])
    })
    unlisten()
  })
})

describe('a report', () => {
  test('says how a connection is and what happened, and nothing of what was asked or answered', async () => {
    const world = await createWorld()
    const { recorder, device, laptop, connection, faults } = world
    device.handle('login', () => new Promise(() => {}))
    const asked = connection.request('login', { password: 'hunter2' }).catch(() => {})
    await eventually(() => expect(connection.$status.value?.state).toBe('open'))
    faults.drop('laptop', 'device')
    await eventually(() => expect(connection.$status.value).toMatchObject({ state: 'open', link: 2 }))
    const peer = peerOf(world, 'laptop')
    const record = peer.connections.get('device')
    if (!record) throw new Error('The connection is not recorded.')
    await eventually(() => expect(record.session?.resumed).toBe(1))
    const text = reportOn({ recorder, peer, record }, Date.now())
    expect(text).toContain('laptop → device')
    expect(text).toContain('status: open')
    expect(text).toContain('resumed 1 time')
    expect(text).toContain('last error: CONNECTION_LOST')
    expect(text).toContain('out login: at the device')
    expect(text).toMatch(/Link 1 is down after .*: CONNECTION_LOST[\s\S]*Link 2 is up/)
    expect(text).not.toContain('hunter2')
    await laptop.destroy()
    await asked
  })
})
