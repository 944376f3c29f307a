import { describe, expect, onTestFinished, test } from 'vitest'
import { encodeFailure } from '../../src/engine/wire/failure'
import { FrameType } from '../../src/engine/wire/frame'
import { generateSecret, getPeer, NanopeerError, type PeerOptions } from '../../src/index'
import { peerControllerOf } from '../../src/peer/controller'
import { createTestNetwork } from '../../testing'
import { memoryKnown, newIdentity } from '../support/identities'
import { createWorld } from '../support/world'
// Loaded before: virtual time does not wait for a module.
import '../../src/engine/plain'
import { frame, hello, Mallory, ready, request } from './mallory'

/** A device that serves whoever proves its secret, and asks its admin for another one. */
const createDevice = (options: PeerOptions = {}) => {
  const world = createWorld()
  const { clock, net } = world
  const nas = world.create('nas', options)
  const until = (condition: () => boolean) => clock.runUntil(condition)
  const dialAs = async (id: string) => {
    const mallory = await Mallory.join(net.transport, id, clock, until)
    return mallory.dial('nas')
  }
  return { ...world, nas, until, dialAs }
}

describe('what was once required of a remote', () => {
  test('is required after close(), too: without the secret for its id nobody comes in under it', async () => {
    const { clock, nas, settled, dialAs } = createDevice({ accept: 'anyone' })
    const asked: unknown[] = []
    nas.handle('files', (input) => asked.push(input))
    await settled(nas.open())
    const admin = nas.connect('admin', { secret: generateSecret() })
    await settled(admin.close())
    // Nobody holds it any more, and the peer has forgotten the connection.
    await clock.advance(5000)
    const link = await dialAs('admin')
    link.send(hello(), ready(), request(2, 'files'))
    await link.closed()
    expect(link.of(FrameType.Ready)).toEqual([])
    expect(asked).toEqual([])
  })

  test('is another secret than that of the peer, also for whoever knows that one', async () => {
    const shared = generateSecret()
    // On the system's clock: WebCrypto takes real time.
    const { transport } = createTestNetwork()
    const options = { transport, secret: shared, onError: () => {} }
    const [nas, impostor] = [getPeer('nas', options), getPeer('admin', options)]
    onTestFinished(() => Promise.all([nas.destroy(), impostor.destroy()]).then(() => {}))
    nas.handle('files', () => 'all of them')
    await Promise.all([nas.open(), impostor.open()])
    await nas.connect('admin', { secret: generateSecret() }).close()
    await expect.poll(() => nas.$connections.value, { interval: 10 }).toEqual([])
    const answer = impostor.connect('nas').request('files')
    await expect(answer).rejects.toMatchObject({ code: 'REFUSED' })
  })

  test('stays with the rest of what connect() was given', async () => {
    const { clock, nas, settled } = createDevice()
    await settled(nas.open())
    const given = {
      metadata: { name: 'nas' },
      timeout: 1234,
      protocol: 'nanopeer',
      secret: generateSecret(),
    } as const
    await settled(nas.connect('admin', given).close())
    await clock.advance(5000)
    const { options } = (await import('../../src/connection/controller')).connectionControllerOf(
      peerControllerOf(nas).lookup('admin').handle,
    )
    expect(options).toEqual(given)
  })
})

describe('one connection per id', () => {
  test('a handle that was closed is the one under which its remote comes back', async () => {
    const { nas, create, settled, clock } = createDevice({ accept: 'anyone' })
    await settled(nas.open())
    const laptop = create('laptop', { accept: 'anyone' })
    await settled(laptop.open())
    const old = nas.connect('laptop')
    await clock.runUntil(() => old.$status.value?.state === 'open')
    await settled(old.close())
    await clock.advance(5000)
    const back = laptop.connect('nas')
    await clock.runUntil(() => back.$status.value?.state === 'open')
    expect(nas.$connections.value).toEqual([old])
    expect(old.$status.value?.state).toBe('open')
  })

  test('a destroyed peer serves nobody, whichever handles are left', async () => {
    const { nas, create, settled, clock } = createDevice({ accept: 'anyone' })
    let runs = 0
    nas.handle('files', () => ++runs)
    await settled(nas.open())
    const laptop = create('laptop', { accept: 'anyone' })
    laptop.handle('files', () => null)
    await settled(laptop.open())
    const old = nas.connect('laptop')
    await settled(old.close())
    await clock.advance(5000)
    const back = laptop.connect('nas')
    await settled(back.request('files'))
    await settled(old.request('files'))
    expect(runs).toBe(1)
    await settled(nas.destroy())
    const answer = settled(back.request('files', undefined, { timeout: 1000 }))
    await expect(answer).rejects.toMatchObject({ name: 'NanopeerError' })
    expect(runs).toBe(1)
    await expect(settled(old.request('files'))).rejects.toMatchObject({ code: 'DESTROYED' })
  })
})

const [identity, otherIdentity] = await Promise.all([newIdentity(), newIdentity()])

describe('the page’s peer under an id', () => {
  const secret = generateSecret()
  const isAdmin = ({ id }: { id: string }) => id === 'admin'

  test.each<[string, PeerOptions, PeerOptions]>([
    ['another secret', { secret }, { secret: generateSecret() }],
    ['a secret where there was none', {}, { secret }],
    ['another list', { accept: ['laptop'] }, { accept: ['laptop', 'phone'] }],
    ['a list in place of everybody', { accept: 'anyone' }, { accept: ['laptop'] }],
    ['a function in place of a list', { accept: ['admin'] }, { accept: isAdmin }],
    ['another function', { accept: isAdmin }, { accept: ({ authenticated }) => authenticated }],
    ['another identity', { identity }, { identity: otherIdentity }],
    ['an identity where there was none', {}, { identity }],
    ['remotes that are known, where none were', {}, { known: memoryKnown() }],
  ])('is not had with %s: that is an error, not a warning', async (_what, first, later) => {
    const { transport } = createTestNetwork()
    const peer = getPeer('laptop', { transport, ...first })
    const refusal = expect.objectContaining({ name: 'NanopeerError', code: 'INVALID_INPUT' })
    expect(() => getPeer('laptop', { transport, ...later })).toThrow(refusal)
    await peer.destroy()
  })

  test.each<[string, PeerOptions, PeerOptions]>([
    ['nothing of the kind', { secret, accept: ['a'] }, {}],
    ['the same', { secret, accept: ['a'] }, { secret, accept: ['a'] }],
    ['the same identity', { identity, known: memoryKnown() }, { identity, known: memoryKnown() }],
    ['a function that reads the same', { accept: () => true }, { accept: () => true }],
  ])('is had with %s', async (_what, first, later) => {
    const { transport } = createTestNetwork()
    const peer = getPeer('laptop', { transport, ...first })
    expect(getPeer('laptop', { transport, ...later })).toBe(peer)
    await peer.destroy()
  })
})

describe('a PeerJS client under the id of a device', () => {
  const page = async () => {
    const world = createWorld()
    const { clock, net, create } = world
    const laptop = create('laptop', { accept: 'anyone', reconnect: { minDelay: 500, maxDelay: 500 } })
    await world.settled(laptop.open())
    const mallory = await Mallory.join(net.transport, 'nas', clock, (condition) => clock.runUntil(condition))
    const dial = () => world.settled(mallory.dialPlain('laptop'))
    /** The real device is back. */
    const comesBack = async () => {
      await mallory.leave()
      const nas = world.device('nas')
      nas.handle('files', () => 'of the device')
      await world.settled(nas.open())
    }
    return { ...world, laptop, mallory, dial, comesBack }
  }

  test('does not take the place of the device that a page has named', async () => {
    const { laptop, mallory, dial, comesBack, clock, settled, state } = await page()
    const connection = laptop.connect('nas')
    await clock.runUntil(() => mallory.inbound.length === 1)
    const refusal = encodeFailure(new NanopeerError('REFUSED', 'Not you.'))
    mallory.inbound[0]?.send(frame(FrameType.Bye, 0, refusal))
    await clock.runUntil(() => state(connection) === 'closed')
    const channel = await dial()
    let isClosed = false
    channel.listen({ message() {}, drained() {}, closed: () => (isClosed = true) })
    await clock.runUntil(() => isClosed)
    await comesBack()
    connection.reconnect()
    expect(await settled(connection.request('files'))).toBe('of the device')
  })

  test('that came before the page named the device is followed by the device', async () => {
    const { laptop, dial, comesBack, clock, settled, state } = await page()
    const channel = await dial()
    await clock.runUntil(() => laptop.$connections.value?.length === 1)
    const connection = laptop.connect('nas')
    await clock.runUntil(() => state(connection) === 'open')
    await comesBack()
    await settled(channel.close(0))
    await clock.runUntil(() => state(connection) !== 'open')
    expect(await settled(connection.request('files'))).toBe('of the device')
  })
})
