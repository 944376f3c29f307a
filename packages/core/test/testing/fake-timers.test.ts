import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { action, createPeer, type Peer, type PeerOptions } from '../../src/index'
import { createTestNetwork, type TestNetwork } from '../../testing'

const list = action<void, string>('list')
const count = action.events<void, number>('count')
const read = action.bytes<void>('read')

const loaded = vi.hoisted(() => [] as string[])

vi.mock('../../src/base/load', async (original) => {
  const module = await original<typeof import('../../src/base/load')>()
  const load: typeof module.load = (name, ...given) => {
    loaded.push(name)
    return module.load(name, ...given)
  }
  return { ...module, load }
})

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

test('the whole life of a peer loads nothing late, which no fake timer could wait for', async () => {
  const device = create('nas', { accept: 'anyone' })
  const ended: string[] = []
  device.handle(list, () => 'answer')
  device.handle(count, async function* () {
    yield 1
    yield 2
  })
  device.handle(read, () => new Uint8Array([1, 2, 3]))
  device.handle('size', async (_input, { body }) => (await new Response(body).arrayBuffer()).byteLength)
  void device.open()
  const laptop = create('laptop', { onEvent: ({ type }) => ended.push(type) })
  const connection = laptop.connect('nas')
  const done: unknown[] = []
  const live = async () => {
    done.push(await connection.request(list))
    for await (const number of await connection.request(count)) done.push(number)
    done.push((await (await connection.request(read)).arrayBuffer()).byteLength)
    done.push(await connection.request('size', null, { body: new Uint8Array(5) }))
    await connection.send('hello')
    net.cut('laptop', 'nas')()
    done.push(await connection.request(list))
    await connection.close()
    done.push(connection.$status.get().state)
    done.push(await connection.request(list))
  }
  const lived = live()
  await vi.advanceTimersByTimeAsync(20_000)
  await lived
  expect(done).toEqual(['answer', 1, 2, 3, 5, 'answer', 'closed', 'answer'])
  expect(ended).toContain('session-resumed')
  const destroyed = Promise.all([laptop.destroy(), device.destroy()])
  await vi.advanceTimersByTimeAsync(5000)
  await destroyed
  expect(loaded).toEqual([])
})

test('a large value, which is read over several turns, arrives as timers are advanced', async () => {
  const { connection } = createLaptop()
  await vi.advanceTimersByTimeAsync(100)
  const echo = action<number[], number[]>('echo')
  const heard: number[] = []
  const large = Array.from({ length: 150_000 }, (_, n) => n % 100)
  peers[0]?.handle(echo, (numbers) => {
    heard.push(numbers.length)
    return numbers
  })
  const answer = connection.request(echo, large)
  await vi.advanceTimersByTimeAsync(1000)
  expect(heard).toEqual([150_000])
  expect(await answer).toEqual(large)
})
