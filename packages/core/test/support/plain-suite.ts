import type { DataConnection, Peer as PeerjsPeer } from 'peerjs'
import { afterEach, describe, expect, test } from 'vitest'
import {
  ActionError,
  action,
  type Connection,
  generateSecret,
  type Peer,
  type PeerOptions,
} from '../../src/index'
import { ArticleClient, readSeries } from './article/client'
import { ArticleDevice } from './article/device'

/** Where the suite runs: which peers of ours, and PeerJS as its users have it. */
export interface PlainWorld {
  createPeer(id: string, options: PeerOptions): Peer
  /** A PeerJS peer as its users make one. */
  createPeerjs(id: string): Promise<PeerjsPeer>
}

const readFile = action.bytes<{ size: number }>('files.read')

const pattern = (size: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size)
  for (let index = 0; index < size; index++) bytes[index] = index * 31 + (index >> 8)
  return bytes
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index])

/** A file as a handler reads it: in chunks, a turn apart. */
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  let offset = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve))
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(offset, offset + 65_536))
      offset += 65_536
    },
  })
}

const dialledBy = (peer: PeerjsPeer): Promise<DataConnection> =>
  new Promise((resolve) => peer.on('connection', (connection) => resolve(connection)))

const opened = (connection: DataConnection): Promise<DataConnection> =>
  new Promise((resolve) => connection.on('open', () => resolve(connection)))

/** Dials over real networks take a while. */
const until = <Value>(look: () => Value) => expect.poll(look, { timeout: 10_000 })

let count = 0
const freshId = (name: string) => `${name}-${Math.random().toString(36).slice(2, 10)}-${++count}`

/** Real PeerJS clients, bare and article-style, against real peers of ours, both ways. */
export const plainSuite = ({ createPeer, createPeerjs }: PlainWorld): void => {
  const peers: Peer[] = []
  const others: PeerjsPeer[] = []

  afterEach(async () => {
    for (const other of others.splice(0)) other.destroy()
    await Promise.all(peers.splice(0).map((peer) => peer.destroy()))
  })

  const ours = async (options: PeerOptions = {}): Promise<Peer> => {
    const peer = createPeer(freshId('device'), { accept: 'anyone', onError() {}, ...options })
    peers.push(peer)
    await peer.open()
    return peer
  }

  const theirs = async (): Promise<PeerjsPeer> => {
    const peer = await createPeerjs(freshId('client'))
    others.push(peer)
    return peer
  }

  /** A PeerJS client that has dialled a device of ours, by PeerJS's defaults unless told otherwise. */
  const clientOf = async (device: Peer, options: object = {}) => {
    const client = await theirs()
    const connection = await opened(client.connect(device.id, options))
    return { client, connection }
  }

  const inbound = async (device: Peer): Promise<Connection> => {
    await until(() => device.$connections.get()[0]?.$status.get().state).toBe('open')
    return device.$connections.get()[0] as Connection
  }

  describe('a bare PeerJS client', () => {
    test('that dials is a connection, and exchanges values as they are', async () => {
      const device = await ours()
      const { client, connection } = await clientOf(device)
      const received: unknown[] = []
      connection.on('data', (value) => received.push(value))
      const ofClient = await inbound(device)
      expect(ofClient.remoteId).toBe(client.id)
      const messages: unknown[] = []
      ofClient.onMessage((value) => messages.push(value))
      const values = ['text', 17, -1.5, true, [1, [2]], { a: { b: null } }, 'x'.repeat(100_000)]
      for (const value of values) {
        connection.send(value)
        await ofClient.send(value)
        // Its channel is unordered: each arrives before the next one goes.
        await expect
          .poll(() => [received.length, messages.length])
          .toEqual([values.indexOf(value) + 1, values.indexOf(value) + 1])
      }
      expect(received).toEqual(values)
      expect(messages).toEqual(values)
      await until(() => ofClient.$stats.get().route).toBe('direct')
      connection.close()
      await until(() => ofClient.$status.get().state).toBe('closed')
    })

    test('that came and went leaves nothing behind', async () => {
      const device = await ours()
      const { connection } = await clientOf(device)
      await inbound(device)
      connection.close()
      await until(() => device.$connections.get().length).toBe(0)
    })

    test('is dialled with protocol "plain", and dialled again when its link is lost', async () => {
      const client = await theirs()
      const laptop = await ours({ reconnect: { minDelay: 50, maxDelay: 100 } })
      const first = dialledBy(client)
      const connection = laptop.connect(client.id, { protocol: 'plain' })
      const sent = connection.send({ hello: 1 })
      const theirEnd = await first
      const received: unknown[] = []
      theirEnd.on('data', (value) => received.push(value))
      const messages: unknown[] = []
      connection.onMessage((value) => messages.push(value))
      await sent
      await until(() => received).toEqual([{ hello: 1 }])
      theirEnd.send({ action: 'x', request: { id: '1' }, response: {} })
      await until(() => messages).toEqual([{ action: 'x', request: { id: '1' }, response: {} }])
      await expect(connection.request('anything', null)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      const second = dialledBy(client)
      theirEnd.close()
      await second
      await until(() => connection.$status.get().state).toBe('open')
      await until(() => connection.$stats.get().links).toBe(2)
    })

    test('speaks JSON, too, and its goodbye is heard', async () => {
      const device = await ours()
      const { connection } = await clientOf(device, { serialization: 'json' })
      const received: unknown[] = []
      connection.on('data', (value) => received.push(value))
      const ofClient = await inbound(device)
      const messages: unknown[] = []
      ofClient.onMessage((value) => messages.push(value))
      connection.send({ a: [1, 'ü'] })
      await ofClient.send({ b: 'ö' })
      await until(() => [messages, received]).toEqual([[{ a: [1, 'ü'] }], [{ b: 'ö' }]])
      connection.close({ flush: true })
      await until(() => ofClient.$status.get().state).toBe('closed')
    })

    test('that sends what would break PeerJS itself breaks nothing here', async () => {
      const errors: unknown[] = []
      const device = await ours({ onError: (error) => errors.push(error) })
      const { connection } = await clientOf(device)
      const ofClient = await inbound(device)
      const messages: unknown[] = []
      ofClient.onMessage((value) => messages.push(value))
      connection.send(null)
      await until(() => messages).toEqual([null])
      connection.dataChannel.send(new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]))
      await until(() => ofClient.$status.get().state).toBe('closed')
      expect(errors).toMatchObject([{ code: 'PROTOCOL' }])
      const { connection: another } = await clientOf(device)
      expect(another.open).toBe(true)
    })

    test('that is not accepted, or cannot be because of a secret, is closed', async () => {
      for (const options of [{ accept: ['somebody-else'] }, { secret: generateSecret() }]) {
        const device = await ours(options)
        const { connection } = await clientOf(device)
        await until(() => connection.open).toBe(false)
        await until(() => device.$connections.get().length).toBe(0)
      }
    })
  })

  describe('an article-style client', () => {
    const served = async (options: object = {}) => {
      const device = await ours()
      const { connection } = await clientOf(device, options)
      return { device, connection, client: new ArticleClient(connection) }
    }

    test('is served by the ordinary handlers', async () => {
      const { device, client } = await served()
      device.handle('files.list', ({ path }: { path: string }) => [`${path}/a`])
      device.handle('refuse', () => {
        throw new ActionError(418, 'A teapot')
      })
      device.handle('break', () => {
        throw new Error('/home/me')
      })
      const body = async (name: string, input?: unknown) => (await client.request(name, input)).response.body
      expect(await body('files.list', { path: '/x' })).toEqual({ code: 200, data: ['/x/a'], message: '' })
      expect(await body('refuse')).toEqual({ code: 418, data: null, message: 'A teapot' })
      expect(await body('break')).toMatchObject({ code: 500, data: null })
      expect(await body('nope')).toMatchObject({ code: 404, data: null })
      const inputs = Array.from({ length: 50 }, (_, index) => ({ path: `${index}` }))
      const answers = await Promise.all(inputs.map((input) => body('files.list', input)))
      expect(answers.map(({ data }) => data[0])).toEqual(inputs.map(({ path }) => `${path}/a`))
    })

    for (const reliable of [false, true]) {
      test(`is sent bytes whole over a channel with reliable: ${reliable}`, async () => {
        const { device, client, connection } = await served({ reliable })
        expect(connection.dataChannel.ordered).toBe(reliable)
        device.handle(readFile, ({ size }) => streamOf(pattern(size)))
        for (const size of [0, 1, 5_000_000]) {
          const context = await client.request('files.read', { size })
          expect(context.response.body.code).toBe(200)
          expect(isSame(await readSeries(context), pattern(size))).toBe(true)
        }
      })
    }

    test('may send large inputs', async () => {
      const { device, client } = await served()
      device.handle('sum', (bytes: ArrayBuffer) => new Uint8Array(bytes).reduce((sum, byte) => sum + byte, 0))
      const bytes = pattern(1_000_000)
      const { response } = await client.request('sum', bytes)
      expect(response.body.data).toBe(bytes.reduce((sum, byte) => sum + byte, 0))
    })
  })

  describe('an article-style device', () => {
    const asked = async (options: PeerOptions = {}) => {
      const client = await theirs()
      const laptop = await ours(options)
      const devices: ArticleDevice[] = []
      const handlers = new Map<string, Parameters<ArticleDevice['handle']>[1]>()
      client.on('connection', (connection) => {
        const device = new ArticleDevice(connection)
        for (const [name, handler] of handlers) device.handle(name, handler)
        devices.push(device)
      })
      const connection = laptop.connect(client.id, { protocol: 'envelope' })
      return { client, connection, handlers, laptop }
    }

    test('is asked like every other device', async () => {
      const { connection, handlers } = await asked()
      handlers.set('files.list', (context) => {
        context.response.body.data = [`${context.request.body.path}/a`]
      })
      handlers.set('refuse', ({ response }) => {
        response.body = { code: 403, data: { why: 'x' }, message: 'Not yours' }
      })
      handlers.set('silent', () => {
        throw new Error('It says nothing at all.')
      })
      const list = action<{ path: string }, string[]>('files.list')
      expect(await connection.request(list, { path: '/x' })).toEqual(['/x/a'])
      expect(connection.$status.get().state).toBe('open')
      await expect(connection.request('refuse', null)).rejects.toMatchObject({
        name: 'ActionError',
        code: 403,
        message: 'Not yours',
        data: { why: 'x' },
      })
      await expect(connection.request('silent', null, { timeout: 500 })).rejects.toMatchObject({
        code: 'TIMEOUT',
      })
      await expect(connection.request(action.events('tail'))).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      const body = new Uint8Array(1)
      await expect(connection.request('write', null, { body })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    })

    test('answers bytes as a Response that is delivered as it comes', async () => {
      const { connection, handlers } = await asked()
      const bytes = pattern(3_000_000)
      let goOn = () => {}
      handlers.set('files.read', async (_context, part) => {
        part('start', bytes.subarray(0, 100_000))
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
        for (let offset = 100_000; offset < bytes.length; offset += 100_000) {
          part('chunk', bytes.subarray(offset, offset + 100_000))
        }
        part('end', new Uint8Array(0))
      })
      const response = await connection.request(readFile, { size: bytes.length })
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      const first = await reader.read()
      expect(first.value).toHaveLength(100_000)
      goOn()
      const chunks = [first.value as Uint8Array<ArrayBuffer>]
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        chunks.push(next.value as Uint8Array<ArrayBuffer>)
      }
      const whole = new Uint8Array(await new Blob(chunks).arrayBuffer())
      expect(isSame(whole, bytes)).toBe(true)
    })

    test('that dialled us is asked over its own link', async () => {
      const laptop = await ours()
      const { connection } = await clientOf(laptop)
      const device = new ArticleDevice(connection)
      device.handle('ping', ({ response }) => {
        response.body.data = 'pong'
      })
      const ofDevice = await inbound(laptop)
      expect(await ofDevice.request('ping', null)).toBe('pong')
    })

    test('that goes away loses what is pending, and is dialled again while it is wanted', async () => {
      const { connection, handlers, client } = await asked({ reconnect: { minDelay: 50, maxDelay: 100 } })
      handlers.set('wait', () => new Promise(() => {}))
      handlers.set('ping', ({ response }) => {
        response.body.data = 'pong'
      })
      const first = dialledBy(client)
      const unlisten = connection.$status.listen(() => {})
      const pending = connection.request('wait', null)
      const lost = expect(pending).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
      const theirEnd = await first
      await until(() => connection.$status.get().state).toBe('open')
      theirEnd.close()
      await lost
      await until(() => connection.$status.get()).toMatchObject({ state: 'open', link: 2 })
      expect(await connection.request('ping', null)).toBe('pong')
      unlisten()
    })

    test('is not dialled by a peer with a secret, which nobody there can prove', async () => {
      const { connection } = await asked({ secret: generateSecret() })
      await expect(connection.request('ping', null)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      expect(connection.$status.get()).toMatchObject({ state: 'closed', error: { code: 'UNSUPPORTED' } })
    })
  })
}
