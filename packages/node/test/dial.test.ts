import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { startSignallingServer } from '../../../scripts/vitest/signalling-server'
import { NanopeerError } from '../../core/src/base/errors'
import type { DialFailure } from '../../core/src/base/transport'
import { manualClock } from '../../core/test/engine/signalling/manual-clock'
import { fastClock } from './support/clock'
import { freshId, joinAs, readAll, soon } from './support/joined'
import { startProxy } from './support/proxy'
import { type RawClient, registerRaw } from './support/raw-client'
import { prepareWebrtc } from './support/webrtc'

const shared = () => ({ ...inject('signallingServer'), secure: false })

/** A deadline as a connection sets it. */
const within = (ms: number) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new NanopeerError('TIMEOUT', 'No link in time.')), ms)
  return controller.signal
}

const failureOf = async (dial: Promise<unknown>): Promise<{ code: string; cause: DialFailure }> => {
  const error = await dial.then(
    () => {
      throw new Error('The dial succeeded.')
    },
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(NanopeerError)
  return error
}

describe('a dial', () => {
  test('made before signalling is open waits for it', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    await device.isOpen()
    const asker = joinAs(freshId('asker'), { server: shared() })
    expect(asker.history).not.toContain('open')
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
  })

  test('rejects at once with what aborted it', async () => {
    const asker = joinAs(freshId('asker'), { server: shared() })
    await asker.isOpen()
    const reason = new NanopeerError('ABORTED', 'Nobody wants it any more.')
    const controller = new AbortController()
    const dial = asker.signalling.dial(freshId('nobody'), { signal: controller.signal })
    controller.abort(reason)
    await expect(dial).rejects.toBe(reason)
    await expect(asker.signalling.dial('x', { signal: controller.signal })).rejects.toBe(reason)
  })

  test('refuses metadata that is too large', async () => {
    const asker = joinAs(freshId('asker'), { server: shared() })
    await expect(
      asker.signalling.dial('device', { metadata: 'x'.repeat(5000), signal: soon() }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('an offer that nobody has answered', () => {
  const offersTo = ({ received }: { received: readonly { type: string }[] }) =>
    received.filter(({ type }) => type === 'OFFER').length

  test('is made once more: who got it may have left, and be back', async () => {
    const leaving = await registerRaw(shared().port, freshId('leaving'))
    const clock = manualClock()
    const asker = joinAs(freshId('asker'), { server: shared() }, { clock })
    await asker.isOpen()
    const dial = asker.signalling.dial(leaving.id, { signal: soon() })
    await expect.poll(() => offersTo(leaving)).toBe(1)
    await leaving.close()
    const device = joinAs(leaving.id, { server: shared() })
    await device.isOpen()
    clock.pass(5_000)
    await expect(dial).resolves.toBeDefined()
    await expect.poll(() => device.links.length).toBe(1)
  })

  test('is not made again and again', async () => {
    const mute = await registerRaw(shared().port, freshId('mute'))
    const clock = manualClock()
    const asker = joinAs(freshId('asker'), { server: shared() }, { clock })
    await asker.isOpen()
    const deadline = new AbortController()
    const dial = failureOf(asker.signalling.dial(mute.id, { signal: deadline.signal }))
    await expect.poll(() => offersTo(mute)).toBe(1)
    clock.pass(5_000)
    await expect.poll(() => offersTo(mute)).toBe(2)
    // In one leap, in which no probe can be missed.
    clock.sleep(20_000)
    deadline.abort(new NanopeerError('TIMEOUT', 'No link in time.'))
    expect(await dial).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'offer' } })
    expect(offersTo(mute)).toBe(2)
  })
})

describe('a remote that leaves while it is dialled', () => {
  /** On this clock nobody makes an offer again for want of an answer while a test lasts. */
  const slowClock = fastClock(0.3)
  const offer = (src: string, dst: string, connectionId: string) => ({
    type: 'OFFER',
    src,
    dst,
    payload: {
      type: 'data',
      sdp: { type: 'offer', sdp: 'v=0' },
      connectionId,
      label: 'nanopeer/1',
      serialization: 'raw',
      reliable: true,
    },
  })

  test('says so', async () => {
    const asker = await registerRaw(shared().port, freshId('asker'))
    let leave = () => {}
    const isOffered = () => {
      queueMicrotask(leave)
      return 'stranger' as const
    }
    const device = joinAs(freshId('device'), { server: shared() }, { offer: isOffered })
    leave = () => void device.signalling.leave()
    await device.isOpen()
    asker.send(offer(asker.id, device.id, 'dc_left'))
    await expect
      .poll(() => asker.received)
      .toContainEqual({ type: 'LEAVE', src: device.id, dst: asker.id, payload: { connectionId: 'dc_left' } })
  })

  test('is dialled again, whether it had answered or not', async () => {
    for (const hasAnswered of [false, true]) {
      const leaving = await registerRaw(shared().port, freshId('leaving'))
      const asker = joinAs(freshId('asker'), { server: shared() }, { clock: slowClock })
      await asker.isOpen()
      const dial = asker.signalling.dial(leaving.id, { signal: soon() })
      await expect.poll(() => leaving.received.some(({ type }) => type === 'OFFER')).toBe(true)
      const connectionId = hasAnswered
        ? await answerInVain(leaving, asker.id)
        : leaving.received.find(({ type }) => type === 'OFFER')?.payload?.connectionId
      leaving.send({ type: 'LEAVE', dst: asker.id, payload: { connectionId } })
      await leaving.close()
      const device = joinAs(leaving.id, { server: shared() })
      await expect(dial).resolves.toBeDefined()
      await expect.poll(() => device.links.length).toBe(1)
    }
  })

  test('and does so again and again is not dialled without end', async () => {
    const leaving = await registerRaw(shared().port, freshId('leaving'))
    const asker = joinAs(freshId('asker'), { server: shared() })
    await asker.isOpen()
    const dial = failureOf(asker.signalling.dial(leaving.id, { signal: soon() }))
    let left = 0
    await expect
      .poll(
        () => {
          const offers = leaving.received.filter(({ type }) => type === 'OFFER')
          for (const { payload } of offers.slice(left)) {
            leaving.send({ type: 'LEAVE', dst: asker.id, payload: { connectionId: payload?.connectionId } })
          }
          left = offers.length
          return left
        },
        { timeout: 20_000 },
      )
      .toBe(3)
    expect(await dial).toMatchObject({ code: 'CONNECTION_LOST', cause: { stage: 'offer' } })
  })
})

describe('a dial that runs into its deadline says how far it came:', () => {
  test('signalling, where no server can be reached', async () => {
    const server = await startSignallingServer()
    await server.stop()
    const asker = joinAs(freshId('asker'), { server: { ...server, secure: false } })
    // What a first peer loads may take longer than the deadline.
    await expect.poll(() => asker.history).toContain('NETWORK')
    const error = await failureOf(asker.signalling.dial('device', { signal: within(500) }))
    expect(error).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'signalling' } })
    expect(error.cause.explain).toContain('cannot be reached')
  })

  test('offer, where the remote does not answer', async () => {
    const mute = await registerRaw(shared().port, freshId('mute'))
    const asker = joinAs(freshId('asker'), { server: shared() })
    await asker.isOpen()
    const error = await failureOf(asker.signalling.dial(mute.id, { signal: within(500) }))
    expect(error).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'offer', relayCandidate: false } })
    expect(error.cause.explain).toContain('did not answer')
  })

  test('ice, where it answers and no path works', async () => {
    const walled = await registerRaw(shared().port, freshId('walled'))
    const asker = joinAs(freshId('asker'), { server: shared() })
    await asker.isOpen()
    const dial = failureOf(asker.signalling.dial(walled.id, { signal: within(3000) }))
    await answerInVain(walled, asker.id)
    const error = await dial
    expect(error).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'ice', relayCandidate: false } })
    expect(error.cause.explain).toContain('no relay (TURN) candidate')
  })
})

/** Answers the offer of a dial so that nothing comes of it. Resolves with the connection that it names. */
const answerInVain = async (remote: RawClient, askerId: string): Promise<string> => {
  await prepareWebrtc()
  await expect.poll(() => remote.received.some(({ type }) => type === 'OFFER')).toBe(true)
  const offer = remote.received.find(({ type }) => type === 'OFFER')
  const payload = offer?.payload as { sdp: RTCSessionDescriptionInit; connectionId: string }
  const { sdp, connectionId } = payload
  const peerConnection = new RTCPeerConnection()
  onTestFinished(() => peerConnection.close())
  // Its candidates never leave, and it hears none of ours.
  await peerConnection.setRemoteDescription({ ...sdp, sdp: withoutCandidates(sdp.sdp) })
  const answer = await peerConnection.createAnswer()
  remote.send({
    type: 'ANSWER',
    dst: askerId,
    payload: { sdp: { type: 'answer', sdp: withoutCandidates(answer.sdp) }, type: 'data', connectionId },
  })
  return connectionId
}

const withoutCandidates = (sdp = '') => sdp.replace(/^a=candidate:.*\r\n/gm, '')

describe('several servers', () => {
  test('register a device on each, so that it can be dialled through any', async () => {
    const other = await startSignallingServer()
    const second = { ...other, secure: false }
    const device = joinAs(freshId('device'), { server: [shared(), second] })
    await device.isOpen()
    const near = joinAs(freshId('near'), { server: shared() })
    const far = joinAs(freshId('far'), { server: second })
    await Promise.all([
      expect(near.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined(),
      expect(far.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined(),
    ])
    await Promise.all([device, far].map(({ signalling }) => signalling.leave()))
    await other.stop()
  })

  test('are open as long as one is, and a dial goes through that one', async () => {
    const first = await startSignallingServer()
    const both = [{ ...first, secure: false }, shared()]
    const device = joinAs(freshId('device'), { server: both })
    const asker = joinAs(freshId('asker'), { server: both })
    await Promise.all([device.isOpen(), asker.isOpen()])
    // Open means registered somewhere; who can be dialled through the second server is registered there, too.
    const witness = joinAs(freshId('witness'), { server: shared() })
    for (const { id } of [device, asker]) {
      await expect(witness.signalling.dial(id, { signal: soon() })).resolves.toBeDefined()
    }
    await first.stop()
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
    expect(asker.history).toEqual(['connecting', 'open'])
    expect(device.history).toEqual(['connecting', 'open'])
  })

  test('are disconnected together when the last is lost, and open again with the first', async () => {
    const proxies = [await startProxy(shared()), await startProxy(shared())]
    const device = joinAs(
      freshId('device'),
      { server: proxies.map(({ server }) => server) },
      { clock: fastClock(10) },
    )
    await device.isOpen()
    for (const proxy of proxies) {
      proxy.stall()
      proxy.cut()
    }
    await expect.poll(() => device.history).toContain('NETWORK')
    proxies[1]?.recover()
    proxies[1]?.cut()
    await device.isOpen()
  })
})

describe('signalling that is lost during a dial', () => {
  test('makes the offer again when it is back', async () => {
    const proxy = await startProxy(shared())
    const asker = joinAs(freshId('asker'), { server: proxy.server }, { clock: fastClock(10) })
    await asker.isOpen()
    const deviceId = freshId('device')
    proxy.stall()
    const dial = asker.signalling.dial(deviceId, { signal: soon() })
    await new Promise((resolve) => setTimeout(resolve, 100))
    proxy.cut()
    proxy.recover()
    const device = joinAs(deviceId, { server: shared() })
    await device.isOpen()
    await expect(dial).resolves.toBeDefined()
    expect(asker.history).toContain('NETWORK')
  })
})

describe('a dial over a signalling socket that is half open', () => {
  test('goes out at once, and finds that out long before the next probe is due', async () => {
    const clock = manualClock()
    const proxy = await startProxy(shared())
    const device = joinAs(freshId('device'), { server: shared() })
    const asker = joinAs(freshId('asker'), { server: proxy.server }, { clock })
    await Promise.all([device.isOpen(), asker.isOpen()])
    // Every probe so far has been answered when this offer is.
    await asker.signalling.dial(device.id, { signal: soon() })
    const { pending } = clock
    proxy.stall()
    const dial = asker.signalling.dial(device.id, { signal: soon() })
    // The offer is out before any time has passed: its patience runs, and what it takes until the socket is doubted.
    await expect.poll(() => clock.pending).toBe(pending + 2)
    await expect.poll(() => proxy.swallowed).toBeGreaterThan(0)
    expect(asker.history).toEqual(['connecting', 'open'])
    proxy.recover()
    clock.pass(5_500)
    expect(asker.history.at(-1)).toBe('NETWORK')
    // The first attempt comes half a second later at most.
    clock.pass(500)
    await expect(dial).resolves.toBeDefined()
    expect(asker.history).toEqual(['connecting', 'open', 'NETWORK', 'connecting', 'open'])
  })

  test('asks nothing of a socket that has brought the answer', async () => {
    const clock = manualClock()
    const proxy = await startProxy(shared())
    const device = joinAs(freshId('device'), { server: shared() })
    const asker = joinAs(freshId('asker'), { server: proxy.server }, { clock })
    await Promise.all([device.isOpen(), asker.isOpen()])
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
    proxy.stall()
    // Who asked would have no echo by now.
    clock.pass(5_500)
    expect(asker.history).toEqual(['connecting', 'open'])
  })
})

describe('iceServers', () => {
  test('as a function is asked before every dial, and before an answer', async () => {
    const asked = { device: 0, asker: 0 }
    const count = (name: keyof typeof asked) => async () => {
      asked[name] += 1
      return []
    }
    const device = joinAs(freshId('device'), { server: shared(), iceServers: count('device') })
    const asker = joinAs(freshId('asker'), { server: shared(), iceServers: count('asker') })
    await Promise.all([device.isOpen(), asker.isOpen()])
    expect(asked).toEqual({ device: 0, asker: 0 })
    await asker.signalling.dial(device.id, { signal: soon() })
    await asker.signalling.dial(device.id, { signal: soon() })
    // Whoever dials us cannot make us ask as often as they like.
    expect(asked).toEqual({ device: 1, asker: 2 })
  })

  test('that fail fail the dial, with their reason', async () => {
    const asker = joinAs(freshId('asker'), {
      server: shared(),
      iceServers: () => Promise.reject(new Error('the credentials service is down')),
    })
    const error = await failureOf(asker.signalling.dial('device', { signal: soon() }))
    expect(error).toMatchObject({ code: 'NETWORK', cause: { stage: 'signalling' } })
    expect(error.cause.explain).toContain('the credentials service is down')
  })

  test('that no browser would take say so', async () => {
    const asker = joinAs(freshId('asker'), { server: shared(), iceServers: [{ urls: 'http://example.com' }] })
    await expect(asker.signalling.dial('device', { signal: soon() })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('iceServers'),
    })
  })
})

describe('an environment that has no connection left', () => {
  /** As Chromium does it. */
  const refuse = (which: number) => {
    const Given = globalThis.RTCPeerConnection
    let made = 0
    globalThis.RTCPeerConnection = class extends Given {
      constructor(config?: RTCConfiguration) {
        if (++made === which) throw new DOMException('Cannot create so many PeerConnections', 'UnknownError')
        super(config)
      }
    }
    onTestFinished(() => {
      globalThis.RTCPeerConnection = Given
    })
  }

  test.each([
    ['the dialler', 1],
    ['who is dialled', 2],
  ])('is busy, and not for good: %s', async (_, which) => {
    const device = joinAs(freshId('device'), { server: shared() })
    const asker = joinAs(freshId('asker'), { server: shared() })
    await Promise.all([device.isOpen(), asker.isOpen()])
    refuse(which)
    await expect(asker.signalling.dial(device.id, { signal: soon() })).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('too many'),
    })
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
  })
})

// All at once: the server takes five seconds to give an offer up.
describe.concurrent('a remote that the server does not know', { timeout: 30_000 }, () => {
  test('a dial to an id that nobody has fails alone, and names it', async ({ onTestFinished: cleanUp }) => {
    const device = joinAs(freshId('device'), { server: shared() }, { cleanUp })
    const asker = joinAs(freshId('asker'), { server: shared() }, { cleanUp })
    await device.isOpen()
    const nobody = freshId('nobody')
    const [failed, made] = await Promise.all([
      failureOf(asker.signalling.dial(nobody, { signal: soon() })),
      asker.signalling.dial(device.id, { signal: soon() }),
    ])
    expect(failed).toMatchObject({ code: 'PEER_UNAVAILABLE', cause: { stage: 'offer' } })
    expect(failed.cause.explain).toContain(nobody)
    expect(made.remoteId).toBe(device.id)
    expect(asker.history).toEqual(['connecting', 'open'])
  })

  test('an open link survives the server saying that its remote is gone', async ({
    onTestFinished: cleanUp,
  }) => {
    const device = joinAs(freshId('device'), { server: shared() }, { cleanUp })
    const asker = joinAs(freshId('asker'), { server: shared() }, { cleanUp })
    await device.isOpen()
    const link = await asker.signalling.dial(device.id, { signal: soon() })
    await vi.waitFor(() => expect(device.links.length).toBe(1), 20_000)
    await device.signalling.leave()
    // Its offer makes the server say EXPIRE for the very id the open link goes to.
    await expect(asker.signalling.dial(device.id, { signal: soon() })).rejects.toMatchObject({
      code: 'PEER_UNAVAILABLE',
    })
    const { messages } = readAll(link)
    device.links[0]?.send(Uint8Array.of(1))
    await vi.waitFor(() => expect(messages.length).toBe(1), 20_000)
  })

  test('several servers are asked for it one after the other', async ({ onTestFinished: cleanUp }) => {
    const first = await startSignallingServer()
    const both = [{ ...first, secure: false }, shared()]
    const device = joinAs(freshId('device'), { server: shared() }, { cleanUp })
    const asker = joinAs(freshId('asker'), { server: both }, { cleanUp })
    await Promise.all([device.isOpen(), asker.isOpen()])
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
    await asker.signalling.leave()
    await first.stop()
  })
})
