import { expectTypeOf, test } from 'vitest'
import {
  ActionError,
  action,
  type Connection,
  type ConnectionStatus,
  createPeer,
  createRequest,
  generateSecret,
  getPeer,
  NanopeerError,
  type Peer,
  type PeerStatus,
  type RequestError,
  skip,
} from '../src'
import { createTestNetwork } from '../testing'

declare const connection: Connection
declare const peer: Peer
declare const error: RequestError

const list = action<{ path: string }, string[]>('list')
const secret = generateSecret()

test('a peer has an id', () => {
  expectTypeOf(createPeer('nas')).toEqualTypeOf<Peer>()
  expectTypeOf(getPeer('nas', { secret })).toEqualTypeOf<Peer>()
  // @ts-expect-error the id is missing
  createPeer()
  // @ts-expect-error an id is a string
  createPeer(7)
  // @ts-expect-error options do not take the place of the id
  createPeer({ secret })
  // @ts-expect-error "not yet" is for hooks
  getPeer(undefined)
})

test('options of a peer are known by name and type', () => {
  createPeer('nas', { accept: 'anyone', server: { host: 'example.org' }, reconnect: { minDelay: 100 } })
  createPeer('nas', {
    accept: ['laptop'],
    server: [{ host: 'a' }, { host: 'b' }],
    iceServers: async () => [],
  })
  createPeer('nas', { accept: ({ id, authenticated }) => authenticated && id === 'laptop' })
  // @ts-expect-error there is no such option
  createPeer('nas', { password: secret })
  // @ts-expect-error whom to serve is said by name, by list or by function
  createPeer('nas', { accept: 'laptop' })
  // @ts-expect-error serving everybody is a choice of its own
  createPeer('nas', { accept: true })
  // @ts-expect-error a server has a host
  createPeer('nas', { server: { port: 9000 } })
  // @ts-expect-error a server is not told by its address
  createPeer('nas', { server: 'https://example.org' })
  // @ts-expect-error a secret is text
  createPeer('nas', { secret: new Uint8Array(20) })
  // @ts-expect-error there is no such limit
  createPeer('nas', { limits: { requests: 7 } })
  // @ts-expect-error there is no such delay
  createPeer('nas', { reconnect: { delay: 7 } })
})

test('a connection is to an id', () => {
  expectTypeOf(peer.connect('nas')).toEqualTypeOf<Connection>()
  peer.connect('nas', { metadata: { anything: true }, secret, timeout: 1000, protocol: 'envelope' })
  // @ts-expect-error the id is missing
  peer.connect()
  // @ts-expect-error an id is not "not yet"
  peer.connect(undefined)
  // @ts-expect-error options do not take the place of the id
  peer.connect({ secret })
  // @ts-expect-error a peer is not an id
  peer.connect(peer)
  // @ts-expect-error whom to serve is the peer's to say
  peer.connect('nas', { accept: 'anyone' })
  // @ts-expect-error there is no such protocol
  peer.connect('nas', { protocol: 'json' })
})

test('what a peer and a connection show cannot be set', () => {
  // @ts-expect-error a handle is frozen
  peer.id = 'other'
  // @ts-expect-error a status is shown, not chosen
  peer.$status.set({ state: 'open', error: null, retryAt: null })
  // @ts-expect-error the list is the peer's
  peer.$connections.get().push(connection)
  // @ts-expect-error a status is not changed in place
  connection.$status.get().state = 'open'
})

test('a status is told apart by its state', () => {
  expectTypeOf(peer.$status.get()).toEqualTypeOf<PeerStatus>()
  const status: ConnectionStatus = connection.$status.get()
  if (status.state === 'open') expectTypeOf(status.link).toEqualTypeOf<number>()
  if (status.state === 'closed') expectTypeOf(status.error).toEqualTypeOf<NanopeerError | null>()
  const peerStatus = peer.$status.get()
  if (peerStatus.state === 'disconnected') expectTypeOf(peerStatus.error).toEqualTypeOf<NanopeerError>()
  // @ts-expect-error there is no such state
  status.state === 'connected'
  // @ts-expect-error only what is open counts its links
  status.link
})

test('an error is told apart by its name', () => {
  if (error.name === 'ActionError') expectTypeOf(error.code).toEqualTypeOf<number>()
  else expectTypeOf(error).toEqualTypeOf<NanopeerError>()
  new NanopeerError('TIMEOUT', 'Too late')
  expectTypeOf(new ActionError(404, 'No such file', { path: '/' }).data).toEqualTypeOf<{ path: string }>()
  // @ts-expect-error there is no such code
  new NanopeerError('NOT_FOUND', 'No such file')
  // @ts-expect-error a device's own codes are numbers
  new ActionError('NOT_FOUND', 'No such file')
  // @ts-expect-error the message is missing
  new ActionError(404)
})

test('a request that is shown says by its status whether there is data', () => {
  const state = createRequest(connection, list, { path: '/' }).$state.get()
  expectTypeOf(state.data).toEqualTypeOf<string[] | undefined>()
  if (state.status === 'success') expectTypeOf(state.data).toEqualTypeOf<string[]>()
  if (state.status === 'error') expectTypeOf(state.error).toEqualTypeOf<RequestError>()
  if (state.isPending) expectTypeOf(state.data).toEqualTypeOf<undefined>()
  // @ts-expect-error the data may not be there yet
  state.data.length
  // @ts-expect-error the input is another one
  createRequest(connection, list, { folder: '/' })
  // @ts-expect-error "not yet" is for hooks
  createRequest(connection, list, skip)
})

test('a promise is awaited before what it gives is used', async () => {
  // @ts-expect-error open() tells when, not what
  peer.open().id
  expectTypeOf(await peer.open()).toEqualTypeOf<void>()
  expectTypeOf(peer.handle('now', () => 7)).toEqualTypeOf<() => void>()
  expectTypeOf(connection.send({ anything: true })).toEqualTypeOf<Promise<void>>()
})

test('a test network takes the place of the real one by its transport', () => {
  const network = createTestNetwork({ delay: 10 })
  createPeer('nas', { transport: network.transport })
  expectTypeOf(network.cut('a', 'b')).toEqualTypeOf<() => void>()
  // @ts-expect-error the network is not its transport
  createPeer('nas', { transport: network })
  // @ts-expect-error a path has two ends
  network.cut('a')
  // @ts-expect-error there is no such option
  createTestNetwork({ latency: 10 })
})
