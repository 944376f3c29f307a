import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { action, createPeer, type Peer, type PeerOptions } from '../../src/index'
import { createTestNetwork, type TestNetwork } from '../../testing'

const list = action<void, string>('list')

let net: TestNetwork
let peers: Peer[]

beforeEach(() => {
  vi.useFakeTimers()
  net = createTestNetwork()
  peers = []
})
afterEach(async () => {
  const destroyed = Promise.all(peers.map((peer) => peer.destroy()))
  await vi.runAllTimersAsync()
  await destroyed
  vi.useRealTimers()
})

const create = (id: string, options: PeerOptions = {}): Peer => {
  const peer = createPeer(id, { transport: net.transport, ...options })
  peers.push(peer)
  return peer
}

/** A laptop that holds its connection to a device, which counts what it is asked. */
const createLaptop = () => {
  let asked = 0
  const device = create('nas', { accept: 'anyone' })
  device.handle(list, () => `answer ${++asked}`)
  void device.open()
  const connection = create('laptop').connect('nas')
  const states: string[] = []
  connection.$status.subscribe(({ state }) => states.push(state))
  return { connection, states, asked: () => asked }
}

test('a cut shows as reconnecting, a request waits for its end, and the device runs it once', async () => {
  const { connection, states, asked } = createLaptop()
  await vi.advanceTimersByTimeAsync(100)
  expect(states.at(-1)).toBe('open')
  const heal = net.cut('laptop', 'nas')
  await vi.advanceTimersByTimeAsync(100)
  expect(states.at(-1)).toBe('reconnecting')
  const answer = connection.request(list)
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked()).toBe(0)
  heal()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await answer).toBe('answer 1')
  expect(states.at(-1)).toBe('open')
  expect(asked()).toBe(1)
})

test('a silent cut shows as unstable, and as open again when it is healed', async () => {
  const { states } = createLaptop()
  await vi.advanceTimersByTimeAsync(100)
  const heal = net.cut('laptop', 'nas', { silent: true })
  await vi.advanceTimersByTimeAsync(4000)
  expect(states.at(-1)).toBe('unstable')
  heal()
  await vi.advanceTimersByTimeAsync(1000)
  expect(states).toEqual(['connecting', 'open', 'unstable', 'open'])
})

test('a delay holds an answer back for as long as it says, both ways', async () => {
  const { connection } = createLaptop()
  await vi.advanceTimersByTimeAsync(100)
  net.delay(1000)
  let answer: string | undefined
  void connection.request(list).then((value) => {
    answer = value
  })
  await vi.advanceTimersByTimeAsync(1900)
  expect(answer).toBe(undefined)
  await vi.advanceTimersByTimeAsync(200)
  expect(answer).toBe('answer 1')
})

test('a refused id cannot be dialled until it is allowed', async () => {
  const allow = net.refuse('nas')
  const { connection, states, asked } = createLaptop()
  await vi.advanceTimersByTimeAsync(1000)
  expect(connection.$status.value).toMatchObject({ error: { code: 'PEER_UNAVAILABLE' } })
  expect(states).not.toContain('open')
  allow()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(states.at(-1)).toBe('open')
  expect(asked()).toBe(0)
})

test('a request to a device that is gone times out when its time is up, at once for the test', async () => {
  const { connection } = createLaptop()
  await vi.advanceTimersByTimeAsync(100)
  net.cut('laptop', 'nas')
  const answer = connection.request(list, undefined, { timeout: 20_000 })
  const outcome = expect(answer).rejects.toMatchObject({ code: 'TIMEOUT' })
  await vi.advanceTimersByTimeAsync(20_001)
  await outcome
})
