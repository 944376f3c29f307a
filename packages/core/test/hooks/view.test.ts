import { expect, test, vi } from 'vitest'
import {
  bindViews,
  createActionViews,
  createConnectionsViews,
  createConnectionViews,
  createPeerViews,
  createRequestViews,
} from '../../src/adapter'
import type { ServerOptions, SignallingOptions, Transport } from '../../src/base/transport'
import { createPeer, getPeer, skip } from '../../src/index'
import { peerControllerOf } from '../../src/peer/controller'
import { createTestNetwork } from '../../testing'
import { createPair } from '../support/pair'

test('what is about to be held says that it is connecting', () => {
  const peer = createPeer('tablet', { transport: createTestNetwork().transport })
  expect(peer.$status.value?.state).toBe('idle')
  const { view } = createPeerViews()
  expect(view(peer).value).toMatchObject({ peer, status: 'connecting' })
  expect(createConnectionViews().view(peer, 'nas').value.status).toBe('connecting')
})

test('the first word of a view is that of a server, however far things are', async () => {
  const { connection, laptop } = await createPair(() => {})
  connection.$status.listen(() => {})
  await expect.poll(() => connection.$status.value?.state).toBe('open')
  const peerView = createPeerViews().view(laptop)
  expect([peerView.init.status, peerView.value.status]).toEqual(['connecting', 'open'])
  const view = createConnectionViews().view(connection)
  expect([view.init.status, view.value.status]).toEqual(['connecting', 'open'])
  const request = createRequestViews().view(connection, 'list', null)
  expect([request.init.isPaused, request.value.isPaused]).toEqual([true, false])
})

test('arguments that mean the same are the same view, those on screen too while others are rendered', () => {
  const options = { transport: createTestNetwork().transport }
  const { view } = createPeerViews()
  const one = view('one', options)
  expect(view('one', options)).toBe(one)
  expect(one.value.peer).toBe(getPeer('one', options))
  const leave = one.listen(() => {})
  const other = view('other', options)
  expect(view('one', options)).toBe(one)
  expect(view('other', options)).toBe(other)
  leave()
})

test('bound views follow what the arguments are when they are asked, and put them on screen', async () => {
  const { connection } = await createPair(() => {})
  const views = createRequestViews<string, unknown>()
  const commit = vi.spyOn(views, 'commit')
  let select = (answer: unknown): unknown => `${answer}!`
  let input: unknown = 1
  const bound = bindViews(views, () => [connection, 'list', input, { select, initialData: 'one' }])
  const $first = bound.find()
  expect(commit).toHaveBeenLastCalledWith(connection, 'list', 1, { select, initialData: 'one' })
  expect(bound.find()).toBe($first)
  expect(bound.show($first.value).data).toBe('one!')
  select = (answer) => `${answer}?`
  expect(bound.show($first.value).data).toBe('one?')
  input = 2
  expect(bound.find()).not.toBe($first)
})

test('a view that is shown again shows what has changed since', async () => {
  const { connection } = await createPair(() => {})
  const view = createConnectionViews().view(connection)
  view.listen(() => {})()
  connection.$status.listen(() => {})
  await expect.poll(() => connection.$status.value?.state).toBe('open')
  view.listen(() => {})
  expect(view.value.status).toBe('open')
})

test('a view that nobody listens to says what is so now, and the same object while that is the same', () => {
  const peer = createPeer('laptop', { transport: createTestNetwork().transport })
  const view = createConnectionsViews().view(peer)
  const before = view.value
  expect(view.value).toBe(before)
  expect(before.connections).toEqual([])
  const connection = peer.connect('nas')
  expect(view.value.connections).toMatchObject([{ id: 'nas', connection }])
  expect(view.value).toBe(view.value)
})

test('who looks at those that are there holds none of them, and hears of each', async () => {
  const { laptop, connection, net } = await createPair(() => {})
  const views = createConnectionsViews()
  const view = views.view(laptop)
  const seen: string[] = []
  const leave = view.listen(({ connections, online }) => {
    seen.push(`${connections.map(({ id, status }) => `${id} ${status}`)} ${online}`)
  })
  const online: number[] = []
  laptop.$online.listen((count) => online.push(count))
  const release = connection.$status.listen(() => {})
  await expect.poll(() => seen.at(-1)).toBe('nas open 1')
  expect(laptop.$online.get()).toBe(1)
  const [nas] = view.value.connections
  const other = createPeer('other', { transport: net.transport, accept: 'anyone' })
  await other.open()
  const leaveOther = laptop.connect('other').$status.listen(() => {})
  await expect.poll(() => seen.at(-1)).toBe('nas open,other open 2')
  // A row of a list has nothing new to show.
  expect(view.value.connections[0]).toBe(nas)
  leaveOther()
  await other.destroy()
  release()
  // A second after the last holder, though this view and the count still look on.
  await expect.poll(() => connection.$status.value?.state).toBe('closed')
  expect([online.at(-1), seen.at(-1)?.at(-1)]).toEqual([0, '0'])
  leave()
})

test('a view that says the same tells nobody', async () => {
  const peer = createPeer('tablet', { transport: createTestNetwork().transport })
  const seen: string[] = []
  const leave = createPeerViews()
    .view(peer)
    .listen(({ status }) => seen.push(status))
  await expect.poll(() => peer.$status.value?.state).toBe('open')
  // It said that it was connecting before it was.
  expect(seen).toEqual(['open'])
  leave()
})

test('a connection that is looked up is not listed until it is held', async () => {
  const { laptop } = await createPair(() => {})
  const remotes = () => laptop.$connections.value?.map(({ remoteId }) => remoteId)
  const connection = peerControllerOf(laptop).lookup('other').handle
  expect(remotes()).toEqual(['nas'])
  expect(peerControllerOf(laptop).lookup('other').handle).toBe(connection)
  connection.$status.listen(() => {})
  await expect.poll(remotes).toEqual(['nas', 'other'])
  expect(laptop.connect('other')).toBe(connection)
})

test('the functions of a view are those of its hook, whatever it shows', async () => {
  const { connection } = await createPair((device) => void device.handle('echo', (input) => input))
  const requests = createRequestViews()
  const none = requests.view(null, 'echo', skip).value
  const some = requests.view(connection, 'echo', 1).value
  expect(some.refetch).toBe(none.refetch)
  await none.refetch()
  const actions = createActionViews<string>()
  const { run } = actions.view(null, 'echo').value
  await expect(run(1)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect(actions.view(connection, 'echo').value.run).toBe(run)
  expect(await run(2)).toBe(2)
})

test('an id that cannot be, perhaps because it is being typed, is an error that is shown', () => {
  const { transport } = createTestNetwork()
  const peer = createPeer('phone', { transport })
  const connections = createConnectionViews()
  expect(connections.view(peer, 'phone').value).toMatchObject({
    connection: null,
    status: 'closed',
    error: { code: 'INVALID_ID' },
  })
  expect(connections.view(peer, 'nas-').value.error?.code).toBe('INVALID_ID')
  expect(connections.view(peer, 'nas-1').value).toMatchObject({ status: 'connecting', error: null })
  // Also where the connection is on screen already.
  const [id, key] = ['A'.repeat(52), 'B'.repeat(52)]
  expect(connections.view(peer, id).value.status).toBe('connecting')
  expect(connections.view(peer, id, { key }).value.error?.code).toBe('INVALID_INPUT')
  expect(createPeerViews().view('', { transport }).value.status).toBe('idle')
  expect(createPeerViews().view('nas-', { transport }).value).toMatchObject({
    peer: null,
    status: 'disconnected',
    error: { code: 'INVALID_ID' },
  })
})

test('whom TURN and a token are asked of is the latest function, though the peer has joined', async () => {
  const net = createTestNetwork()
  const joined: SignallingOptions[] = []
  const transport: Transport = {
    ...net.transport,
    join: (id, options, events) => {
      joined.push(options)
      return net.transport.join(id, options, events)
    },
  }
  const options = (name: string) => ({
    transport,
    iceServers: () => [{ urls: `stun:${name}` }],
    // In another order, too.
    server: [
      { host: 'same.example', token: () => name },
      { host: `${name}.example`, token: () => `other ${name}` },
    ].sort(() => (name === 'one' ? 0 : -1)),
  })
  const { view, commit } = createPeerViews()
  const $view = view('laptop', options('one'))
  commit('laptop', options('one'))
  const leave = $view.listen(() => {})
  await expect.poll(() => joined.length).toBe(1)
  commit('laptop', options('two'))
  const [{ iceServers, server }] = joined as [SignallingOptions]
  expect(typeof iceServers === 'function' && (await iceServers())).toEqual([{ urls: 'stun:two' }])
  const shown = (server as ServerOptions[]).map(async ({ host, token }) => [
    host,
    typeof token === 'function' && (await token()),
  ])
  expect(await Promise.all(shown)).toEqual([
    ['same.example', 'two'],
    ['one.example', 'other one'],
  ])
  leave()
})
