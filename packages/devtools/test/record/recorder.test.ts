import type { Peer } from '@nanopeer/core'
import { createPeer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { describe, expect, test, vi } from 'vitest'
import { printPreview } from '../../src/record/preview'
import type { Recorder } from '../../src/record/recorder'
import type { RequestRecord } from '../../src/record/request'
import { createWorld, eventually } from '../world'

const recordOf = (recorder: Recorder, peer: Peer) => {
  const record = recorder.peers.get(peer)
  if (!record) throw new Error(`${peer.id} is not recorded.`)
  return record
}
const typesOf = (recorder: Recorder, peerId: string) =>
  [...recorder.entries].flatMap(({ peerId: own, happening }) => (own === peerId ? [happening.type] : []))
const statesOf = ({ phases }: RequestRecord) => phases.map(({ state }) => state)

describe('what is written down', () => {
  test('is what happened to each peer, in its order', async () => {
    const { recorder, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 4)
    await eventually(() => expect(typesOf(recorder, 'laptop')).toContain('request-ended'))
    const told = typesOf(recorder, 'laptop').filter((type) => type !== 'status')
    expect(told).toEqual(['dial-started', 'request-started', 'link-up', 'session-began', 'request-ended'])
    const states = [...recorder.entries].flatMap(({ peerId, remoteId, happening }) =>
      peerId === 'laptop' && remoteId && happening.type === 'status' ? [happening.state] : [],
    )
    expect(states).toEqual(['connecting', 'open'])
  })

  test('is once, of a connection that was forgotten and is back', async () => {
    const { recorder, device, laptop, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 1)
    const isListed = () => recordOf(recorder, laptop).connections.get('device')?.isListed
    await eventually(() => expect(isListed()).toBe(false))
    recorder.clear()
    await connection.request('double', 1)
    const states = [...recorder.entries].flatMap(({ peerId, remoteId, happening }) =>
      peerId === 'laptop' && remoteId && happening.type === 'status' ? [happening.state] : [],
    )
    expect(states).toEqual(['connecting', 'open'])
  })

  test('are requests at both ends, with what was asked and answered', async () => {
    const { recorder, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 4)
    await eventually(() => expect([...recorder.requests.running()]).toEqual([]))
    const [ours, theirs] = recorder.requests.all()
    expect(ours).toMatchObject({ direction: 'out', peerId: 'laptop', remoteId: 'device', action: 'double' })
    expect(theirs).toMatchObject({ direction: 'in', peerId: 'device', remoteId: 'laptop', action: 'double' })
    for (const record of [ours, theirs]) {
      expect(record?.input && printPreview(record.input)).toBe('4')
      expect(record?.answer && printPreview(record.answer)).toBe('8')
      expect(record?.end).toMatchObject({ code: null })
    }
    expect(ours && statesOf(ours)).toEqual(['waiting', 'pending', 'streaming'])
  })

  test('is how a request failed, in the words that its asker was told', async () => {
    const { recorder, connection } = await createWorld()
    await connection.request('nothing').catch(() => {})
    await eventually(() => expect([...recorder.requests.running()]).toEqual([]))
    const failed = recorder.requests.all().find(({ direction }) => direction === 'out')
    expect(failed?.end).toMatchObject({ code: 'UNKNOWN_ACTION' })
    expect(failed?.end?.message).toMatch(/no handler/)
  })

  test('is that a session was resumed, and that a request waited for it', async () => {
    const { recorder, network, device, laptop, connection } = await createWorld()
    let answer = (_: string) => {}
    device.handle(
      'slow',
      () =>
        new Promise<string>((resolve) => {
          answer = resolve
        }),
    )
    const asked = connection.request('slow')
    const [record] = recorder.requests.all()
    if (!record) throw new Error('Nothing is recorded.')
    await eventually(() => expect(statesOf(record)).toEqual(['waiting', 'pending']))
    const heal = network.cut('device', 'laptop')
    await eventually(() => expect(statesOf(record).at(-1)).toBe('waiting'))
    heal()
    await eventually(() => expect(statesOf(record).at(-1)).toBe('pending'))
    answer('done')
    expect(await asked).toBe('done')
    const seen = recordOf(recorder, laptop).connections.get('device')
    expect(seen?.session).toMatchObject({ resumed: 1 })
    expect(seen?.lastError).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  test('is how far a dial had come that failed', async () => {
    const { recorder, network, laptop, connection } = await createWorld()
    network.refuse('device')
    const unlisten = connection.$status.listen(() => {})
    await eventually(() => {
      const error = recordOf(recorder, laptop).connections.get('device')?.lastError
      expect(error).toMatchObject({ code: 'PEER_UNAVAILABLE', stage: 'offer' })
    })
    unlisten()
  })
})

describe('a recorder', () => {
  test('holds no connection open', async () => {
    const { recorder, device, laptop, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 1)
    await eventually(() => expect(connection.$status.value?.state).toBe('closed'))
    expect(recordOf(recorder, laptop).connections.get('device')).toMatchObject({
      isListed: false,
      session: null,
    })
  })

  test('keeps no more than it says, whatever happens', async () => {
    const { recorder, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => connection.request('double', index)))
    }
    await eventually(() => expect([...recorder.requests.running()]).toEqual([]))
    expect(recorder.entries.length).toBe(recorder.entries.capacity)
    expect(recorder.requests.all()).toHaveLength(300)
  })

  test('forgets requests that fail before anything could travel, instead of keeping them as if they went on', async () => {
    const { recorder, laptop } = await createWorld()
    const nobody = laptop.connect('nobody')
    const ask = () => nobody.request('x', undefined, { signal: AbortSignal.abort() }).catch(() => {})
    await Promise.all(Array.from({ length: 10 }, ask))
    expect([...recorder.requests.running()].filter(({ end }) => !end)).toEqual([])
  })

  test('forgets the peers that are gone, but for the last twenty', async () => {
    const { recorder } = await createWorld()
    const { transport } = createTestNetwork()
    for (let index = 0; index < 30; index++) await createPeer(`gone-${index}`, { transport }).destroy()
    const gone = () => [...recorder.peers.values()].filter(({ status }) => status.state === 'destroyed')
    expect(gone()).toHaveLength(20)
    recorder.clear()
    expect(gone()).toHaveLength(0)
    expect(recorder.entries.length).toBe(0)
  })

  test('tells of changes until it is told to stop', async () => {
    const { recorder, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    const changed = vi.fn()
    const stop = recorder.subscribe(changed)
    await connection.request('double', 1)
    expect(changed).toHaveBeenCalled()
    stop()
    changed.mockClear()
    await connection.request('double', 1)
    expect(changed).not.toHaveBeenCalled()
  })
})

describe('a request that is looked at', () => {
  test('can be aborted and asked again', async () => {
    const { recorder, device, connection } = await createWorld()
    const asked: unknown[] = []
    device.handle('never', (input) => {
      asked.push(input)
      return new Promise(() => {})
    })
    const failed = connection.request('never', { depth: 1 }).catch((error: { code: string }) => error.code)
    const [record] = recorder.requests.all()
    await eventually(() => expect(asked).toHaveLength(1))
    expect(record).toMatchObject({ canAbort: true, canRepeat: true })
    record?.abort()
    expect(await failed).toBe('ABORTED')
    expect(record?.canAbort).toBe(false)
    record?.repeat()
    await eventually(() => expect(asked).toEqual([{ depth: 1 }, { depth: 1 }]))
    recorder.requests
      .all()
      .findLast(({ direction, end }) => direction === 'out' && !end)
      ?.abort()
  })

  test('cannot be asked again where bytes went along, or its input is too large to keep', async () => {
    const { recorder, device, connection } = await createWorld()
    device.handle('take', () => null)
    await connection.request('take', 1, { body: new Uint8Array(3) })
    await connection.request('take', 'x'.repeat(1000))
    const ours = recorder.requests.all().filter(({ direction }) => direction === 'out')
    expect(ours.map(({ canRepeat, hasBody }) => ({ canRepeat, hasBody }))).toEqual([
      { canRepeat: false, hasBody: true },
      { canRepeat: false, hasBody: false },
    ])
  })
})
