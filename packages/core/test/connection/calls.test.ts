import { afterEach, expect, test } from 'vitest'
import { ActionError, action, createPeer, generateSecret, type Peer, type PeerOptions } from '../../src/index'
import { createTestNetwork } from '../../testing/index'

const echo = action<unknown, unknown>('echo')
const readAll = action.bytes<{ size: number }>('read')
const count = action.events<{ to: number }, number>('count')

const peers: Peer[] = []
const pair = async (options: PeerOptions = {}) => {
  const { transport } = createTestNetwork()
  const device = createPeer('device', { transport, accept: 'anyone', onError: () => {}, ...options })
  const laptop = createPeer('laptop', { transport, onError: () => {} })
  peers.push(device, laptop)
  await device.open()
  return { device, laptop, connection: laptop.connect('device') }
}

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.destroy()))
})

test('a request made before anything is open waits for the link and is answered', async () => {
  const { device, connection } = await pair()
  device.handle(echo, (input) => input)
  expect(await connection.request(echo, { hello: [1, 2n, new Date(5)] })).toEqual({
    hello: [1, 2n, new Date(5)],
  })
  expect(connection.$status.get().state).toBe('open')
})

test('an ActionError crosses as itself, any other throw without its message', async () => {
  const { device, connection } = await pair()
  device.handle('teapot', () => {
    throw new ActionError(418, 'I am a teapot', { short: true })
  })
  device.handle('broken', () => {
    throw new Error('/secret/path')
  })
  await expect(connection.request('teapot', 1)).rejects.toMatchObject({
    name: 'ActionError',
    code: 418,
    message: 'I am a teapot',
    data: { short: true },
  })
  const failure = await connection.request('broken', 1).catch((error) => error)
  expect(failure).toMatchObject({ name: 'NanopeerError', code: 'HANDLER_FAILED' })
  expect(failure.message).not.toContain('secret')
})

test('an unknown action is answered at once', async () => {
  const { connection } = await pair()
  await expect(connection.request('nothing', 1)).rejects.toMatchObject({ code: 'UNKNOWN_ACTION' })
})

test('a bytes answer is a Response that is delivered as it arrives', async () => {
  const { device, connection } = await pair()
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  device.handle(readAll, ({ size }) => {
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new Uint8Array([1, 2, 3]))
        await gate
        controller.enqueue(new Uint8Array(size).fill(7))
        controller.close()
      },
    })
    return new Response(stream, {
      headers: { 'content-type': 'text/plain', 'content-length': String(size + 3) },
    })
  })
  const response = await connection.request(readAll, { size: 1_000_000 })
  expect(response.headers.get('content-type')).toBe('text/plain')
  expect(response.headers.get('content-length')).toBe('1000003')
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
  expect((await reader.read()).value).toEqual(new Uint8Array([1, 2, 3]))
  release()
  let left = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    expect(value.every((byte) => byte === 7)).toBe(true)
    left += value.length
  }
  expect(left).toBe(1_000_000)
})

test('an events answer is an async iterable', async () => {
  const { device, connection } = await pair()
  device.handle(count, async function* ({ to }) {
    for (let n = 0; n < to; n++) yield n
  })
  const seen: number[] = []
  for await (const n of await connection.request(count, { to: 2000 })) seen.push(n)
  expect(seen).toEqual(Array.from({ length: 2000 }, (_, n) => n))
})

test('an upload is read by the handler while it is sent', async () => {
  const { device, connection } = await pair()
  device.handle('sum', async (_input, { body }) => {
    let sum = 0
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      for (const byte of chunk) sum += byte
    }
    return sum
  })
  const progress: number[] = []
  const sum = await connection.request('sum', null, {
    body: new Blob([new Uint8Array(3_000_000).fill(1)]),
    onProgress: ({ loaded, total }) => {
      progress.push(loaded)
      expect(total).toBe(3_000_000)
    },
  })
  expect(sum).toBe(3_000_000)
  expect(progress.at(-1)).toBe(3_000_000)
})

test("an abort reaches the device's signal while the handler runs", async () => {
  const { device, connection } = await pair()
  const controller = new AbortController()
  const aborted = new Promise<void>((resolve) => {
    device.handle('slow', (_input, { signal }) => {
      signal.addEventListener('abort', () => resolve())
      controller.abort()
      return new Promise(() => {})
    })
  })
  const answer = connection.request('slow', null, { signal: controller.signal })
  await expect(answer).rejects.toMatchObject({ code: 'ABORTED' })
  await aborted
})

test('a remote that is not accepted is refused', async () => {
  const { connection } = await pair({ accept: ['somebody-else'] })
  await expect(connection.request(echo, 1)).rejects.toMatchObject({ code: 'REFUSED' })
  expect(connection.$status.get()).toMatchObject({ state: 'closed', error: { code: 'REFUSED' } })
})

test('with the same secret both ends serve, with another neither does', async () => {
  const secret = generateSecret()
  const { transport } = createTestNetwork()
  const device = createPeer('device', { transport, secret, onError: () => {} })
  const friend = createPeer('friend', { transport, secret, onError: () => {} })
  const stranger = createPeer('stranger', {
    transport,
    secret: generateSecret(),
    onError: () => {},
  })
  peers.push(device, friend, stranger)
  device.handle(echo, (input) => input)
  await device.open()
  expect(await friend.connect('device').request(echo, 1)).toBe(1)
  await expect(stranger.connect('device').request(echo, 1)).rejects.toMatchObject({ code: 'REFUSED' })
})

test('a cut link is resumed and nothing is lost or done twice', async () => {
  const net = createTestNetwork()
  const { transport } = net
  const device = createPeer('device', { transport, accept: 'anyone', onError: () => {} })
  const laptop = createPeer('laptop', { transport, onError: () => {} })
  peers.push(device, laptop)
  await device.open()
  let runs = 0
  device.handle(readAll, ({ size }) => {
    runs++
    return new Uint8Array(size).map((_, index) => index % 251)
  })
  const connection = laptop.connect('device')
  const response = await connection.request(readAll, { size: 5_000_000 })
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
  let offset = 0
  let cuts = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    for (const [index, byte] of value.entries())
      if (byte !== (offset + index) % 251) throw new Error('wrong byte')
    offset += value.length
    if (offset > (cuts + 1) * 1_000_000) {
      cuts++
      net.cut('device', 'laptop')()
    }
  }
  expect({ offset, runs, cuts }).toEqual({ offset: 5_000_000, runs: 1, cuts: 4 })
})
