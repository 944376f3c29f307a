import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DevtoolsHook, DevtoolsListener, DevtoolsRequest } from '../../src/base/devtools-hook'
import { createPeer, type NanopeerEvent, type Peer } from '../../src/index'
import { createTestNetwork } from '../../testing/index'

const name = Symbol.for('nanopeer.devtools')
const scope = globalThis as unknown as { [name: symbol]: DevtoolsHook | undefined }

const { transport } = createTestNetwork()
const peers: Peer[] = []
const create = (id: string, onEvent?: (event: NanopeerEvent) => void) => {
  const peer = createPeer(id, { transport, accept: 'anyone', onEvent })
  peers.push(peer)
  return peer
}
const source = () => {
  const [first] = scope[name]?.sources ?? []
  if (!first) throw new Error('Core shows nothing.')
  return first
}
const undos: (() => void)[] = []
const listen = (listener: Partial<DevtoolsListener>) => {
  const stop = source().listen({ peer() {}, event() {}, request: () => undefined, ...listener })
  undos.push(stop)
  return stop
}
/** A device that is open, and who asks it. */
const pair = async () => {
  const device = create('device')
  await device.open()
  return { device, connection: create('asker').connect('device') }
}

afterEach(async () => {
  for (const undo of undos.splice(0)) undo()
  await Promise.all(peers.splice(0).map((peer) => peer.destroy()))
  delete scope[name]?.wrapTransport
})

describe('what developer tools find', () => {
  test('are the peers that live, those made before they looked, too', async () => {
    const early = create('early')
    const heard: Peer[] = []
    const stop = listen({ peer: (peer) => heard.push(peer) })
    const late = create('late')
    const { peers: live } = source()
    expect([...live.keys()]).toEqual([early, late])
    expect(heard).toEqual([late])
    stop()
    create('unheard')
    expect(heard).toEqual([late])
    await late.destroy()
    expect(live.has(late)).toBe(false)
    expect(live.has(early)).toBe(true)
  })

  test('is one source, however many peers are made, and a tool that came first hears of it', () => {
    create('one')
    create('two')
    const { sources } = scope[name] as DevtoolsHook
    expect(sources).toHaveLength(1)
    const heard: unknown[] = []
    scope[name] = { sources: [], onSource: (found) => heard.push(found) }
    create('three')
    expect(heard).toEqual(sources)
    expect(scope[name]?.sources).toEqual(sources)
  })

  test('are the events of all peers from when they listen, beside those of `onEvent`', async () => {
    const own: string[] = []
    const device = create('device', ({ type }) => own.push(type))
    device.handle('double', (input) => 2 * Number(input))
    const asker = create('asker')
    await device.open()
    const heard: string[] = []
    const stop = listen({
      event: ({ type, remoteId }, peer) => heard.push(`${peer.id}: ${type} ${remoteId}`),
    })
    await asker.connect('device').request('double', 2)
    expect(heard).toContain('asker: dial-started device')
    expect(heard).toContain('asker: session-began device')
    expect(heard).toContain('asker: request-ended device')
    expect(heard).toContain('device: request-started asker')
    expect(own).toContain('request-started')
    stop()
    const count = heard.length
    await asker.connect('device').request('double', 3)
    expect(heard).toHaveLength(count)
  })

  test('are a peer’s limits and the names of its handlers, and never its secret', () => {
    const peer = createPeer('inside', { transport, accept: 'anyone', limits: { sessions: 7 } })
    peers.push(peer)
    const undo = peer.handle('files.list', () => [])
    const inspection = source().peers.get(peer)
    expect(inspection?.limits.sessions).toBe(7)
    expect(inspection?.handlerNames()).toEqual(['files.list'])
    undo()
    expect(inspection?.handlerNames()).toEqual([])
    expect(Object.keys(inspection ?? {}).sort()).toEqual(['handlerNames', 'iceServers', 'limits', 'measure'])
  })
})

describe('the figures of a connection', () => {
  test('are kept up to date for tools without holding it open', async () => {
    const { device, connection } = await pair()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 2)
    const stop = source().peers.get(connection.peer)?.measure(connection)
    expect(connection.$stats.value).toMatchObject({ links: 1 })
    // What goes with the handshake is none of it: the first to count is a ping, behind the answer or in front of it.
    await expect.poll(() => connection.$stats.value?.sent).toBeGreaterThan(0)
    await expect.poll(() => connection.$status.value?.state).toBe('closed')
    stop?.()
  })

  test('go on for who looks, when a tool has stopped', async () => {
    const { connection } = await pair()
    const links = () => connection.$stats.value?.links
    const unlisten = connection.$stats.listen(() => {})
    const stop = source().peers.get(connection.peer)?.measure(connection)
    stop?.()
    await expect.poll(links).toBe(1)
    unlisten()
  })
})

describe('the requests that tools hear of', () => {
  test('have what was asked and answered, at both ends, under one name each', async () => {
    const { device, connection } = await pair()
    device.handle('double', (input) => 2 * Number(input))
    const heard: DevtoolsRequest[] = []
    listen({
      request(request) {
        heard.push(request)
        return undefined
      },
    })
    await connection.request('double', 2)
    const [ours, theirs] = heard
    expect(ours).toMatchObject({ direction: 'out', connection, action: 'double', input: 2, hasBody: false })
    expect(theirs).toMatchObject({ direction: 'in', action: 'double', input: 2, hasBody: false })
    expect(theirs?.connection.peer).toBe(device)
    expect(await Promise.all([ours?.answer, theirs?.answer])).toEqual([4, 4])
  })

  test('say when they change, from waiting for a link to the answer', async () => {
    const { device, connection } = await pair()
    device.handle('double', (input) => 2 * Number(input))
    const states: unknown[] = []
    listen({
      request(request) {
        if (!request.look) return undefined
        const look = () => states.push(request.look?.().status)
        look()
        return look
      },
    })
    await connection.request('double', 2)
    expect([states.at(0), states.at(-1)]).toEqual(['waiting', 'streaming'])
  })

  test('that fail still fail for who asked', async () => {
    const { device, connection } = await pair()
    device.handle('fail', () => {
      throw new Error('no')
    })
    const failures: unknown[] = []
    listen({
      request({ answer }) {
        answer.catch((error: unknown) => failures.push(error))
        return undefined
      },
    })
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await expect(connection.request('fail')).rejects.toMatchObject({ code: 'HANDLER_FAILED' })
    expect(failures).toHaveLength(2)
  })
})

test('a tool may give peers another transport when they join', async () => {
  create('before')
  const joined: string[] = []
  const hook = scope[name] as DevtoolsHook
  hook.wrapTransport = (given) =>
    Object.create(given, {
      join: {
        value: (id: string, ...rest: [never, never]) => {
          joined.push(id)
          return given.join(id, ...rest)
        },
      },
    })
  const { connection } = await pair()
  await expect.poll(() => connection.$status.value?.state).toBe('open')
  expect(joined).toEqual(['device', 'asker'])
})
