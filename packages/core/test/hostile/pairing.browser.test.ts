import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { commands } from 'vitest/browser'
import { systemClock } from '../../src/base/clock'
import type { SignallingOptions } from '../../src/base/transport'
import { FrameType } from '../../src/engine/wire/frame'
import type { Pairing } from '../../src/index'
import { loadIdentity } from '../../src/index'
import { createPeer } from '../../src/peer/registry'
import { realTransport as transport } from '../support/real-transport'
import { until } from './cast'
import { byeCode, Mallory, type MalloryLink } from './mallory'
import { confirmFrame, helloFrame, rendezvousOf, shareFrame, step, stepsOf } from './pairing-frames'
import { relayPairing, stepsIn } from './pairing-relay'
import { recording } from './recording'

// Pairings in a real browser, over WebRTC and real signalling servers, and Mallory at each of them.

const signallingOf = (server: { host: string; port: number }): SignallingOptions => ({
  server: { ...server, secure: false },
  iceServers: [],
})

const signalling = signallingOf(inject('signallingServer'))

/** One of the test's own. */
const startServer = async (): Promise<SignallingOptions> => {
  const server = await commands.startSignallingServer()
  onTestFinished(() => commands.stopSignallingServer(server.port))
  return signallingOf(server)
}

const freshId = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}`

const createDevice = async (name: string, options = signalling, through = transport) => {
  const id = freshId(name)
  const identity = await loadIdentity(id)
  const peer = createPeer(id, { ...options, transport: through, identity, onError: () => {} })
  onTestFinished(() => peer.destroy())
  return { id, key: identity.key, peer }
}

const shownBy = async ({ $state }: Pairing): Promise<string> => {
  await until(() => $state.get().code !== null, 'a code to be shown')
  return $state.get().code as string
}

/** Under an id of the kind from which a rendezvous can be reached. */
const joinAsMallory = async () => {
  const mallory = await Mallory.join(
    transport,
    freshId('nanopeer-pair-mallory'),
    systemClock,
    until,
    signalling,
  )
  onTestFinished(() => mallory.leave())
  return mallory
}

const textOf = (messages: readonly Uint8Array[]) =>
  messages.map((bytes) => new TextDecoder('latin1').decode(bytes)).join()

const refusedBy = async (link: MalloryLink, code: string) => {
  await until(() => link.isClosed, 'the link to be closed')
  expect(link.of(FrameType.Bye).map(byeCode)).toEqual([code])
}

describe('over WebRTC, whoever does not know the code', { timeout: 60_000 }, () => {
  test('and stands at the rendezvous of another signalling server cannot pair, and learns no id, key or word', async () => {
    // As in browsers of their own: in one, who is called what is settled among its tabs.
    vi.stubGlobal('BroadcastChannel', undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    const [ofNas, ofPhone] = [signalling, await startServer()]
    const [nas, phone] = [await createDevice('nas', ofNas), await createDevice('phone', ofPhone)]
    const hosting = nas.peer.pair()
    const code = await shownBy(hosting)
    const [near, far] = [
      { transport, signalling: ofPhone },
      { transport, signalling: ofNas },
    ]
    const seen = await relayPairing(near, far, rendezvousOf(code), (message) => [message])
    await expect(phone.peer.join(code).done).rejects.toMatchObject({ code: 'REFUSED' })
    await until(() => hosting.$state.get().guessesLeft === 2, 'a guess to be counted')
    expect(hosting.$state.get().status).toBe('waiting')
    // The phone's confirmation is the last that is said: the certificates under it are Mallory's.
    expect(seen.flatMap(stepsIn)).toEqual([step.hello, step.hello, step.share, step.share, step.confirm])
    const [, ...words] = code.split('-')
    for (const secret of [nas.id, nas.key, phone.id, phone.key, ...words])
      expect(textOf(seen)).not.toContain(secret)
    // And who is there honestly pairs with the same code.
    const other = await createDevice('phone', ofNas)
    await expect(other.peer.join(code).done).resolves.toEqual({ id: nas.id, key: nas.key })
  })

  test('has three guesses, each told nothing but that it was wrong, and then a fresh code pairs', async () => {
    const [nas, phone] = [await createDevice('nas'), await createDevice('phone')]
    const hosting = nas.peer.pair()
    const code = await shownBy(hosting)
    const mallory = await joinAsMallory()
    for (const left of [2, 1, null]) {
      const link = await mallory.dial(rendezvousOf(code))
      link.send(helloFrame())
      await until(() => stepsOf(link).includes(step.hello), 'the HELLO of the device')
      link.send(shareFrame(), confirmFrame())
      await refusedBy(link, 'REFUSED')
      expect(stepsOf(link)).toEqual([step.hello, step.share])
      if (left) expect(hosting.$state.get().guessesLeft).toBe(left)
    }
    await expect(hosting.done).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(phone.peer.join(code).done).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' })
    const again = nas.peer.pair()
    await expect(phone.peer.join(await shownBy(again)).done).resolves.toEqual({ id: nas.id, key: nas.key })
    await expect(again.done).resolves.toEqual({ id: phone.id, key: phone.key })
  })

  test('and says again what was said in a pairing, or gives a step back, pairs with nobody', async () => {
    const { transport: watched, recorded } = recording(transport)
    const [nas, phone] = [await createDevice('nas'), await createDevice('phone', signalling, watched)]
    const hosting = nas.peer.pair()
    await phone.peer.join(await shownBy(hosting)).done
    await hosting.done
    expect(recorded.flatMap(stepsIn)).toEqual([1, 2, 3, 4, 5])
    expect(textOf(recorded)).not.toContain(phone.id)

    const again = nas.peer.pair()
    const code = await shownBy(again)
    const mallory = await joinAsMallory()
    const replayed = await mallory.dial(rendezvousOf(code))
    for (const message of recorded) replayed.raw(new Uint8Array(message))
    await refusedBy(replayed, 'REFUSED')
    expect(stepsOf(replayed)).toEqual([step.hello, step.share])
    expect(again.$state.get()).toMatchObject({ status: 'waiting', guessesLeft: 2 })

    const mirror = await mallory.dial(rendezvousOf(code))
    mirror.send(helloFrame())
    await until(() => stepsOf(mirror).includes(step.hello), 'the HELLO of the device')
    mirror.send(shareFrame())
    await until(() => stepsOf(mirror).includes(step.share), 'the share of the device')
    mirror.send(...mirror.frames.filter(({ payload }) => payload[0] === step.share))
    await refusedBy(mirror, 'PROTOCOL')
    expect(again.$state.get()).toMatchObject({ status: 'waiting', guessesLeft: 1 })
    const honest = await createDevice('phone')
    await expect(honest.peer.join(code).done).resolves.toEqual({ id: nas.id, key: nas.key })
  })

  test('and answers in the place of the device has one guess, and learns no id and no key', async () => {
    const own = await startServer()
    const phone = await createDevice('phone', own)
    const mallory = await Mallory.join(transport, 'nanopeer-pair-482913', systemClock, until, own)
    onTestFinished(() => mallory.leave())
    const joining = phone.peer.join('482913-apple-tower')
    await until(() => mallory.inbound.length === 1, 'the phone to dial')
    const link = mallory.inbound[0] as MalloryLink
    expect(link.link.remoteId).not.toContain('phone')
    link.send(helloFrame())
    await until(() => stepsOf(link).includes(step.share), 'the share of the phone')
    link.send(shareFrame(), confirmFrame())
    await until(() => link.isClosed, 'the phone to give it up')
    await expect(joining.done).rejects.toMatchObject({ code: 'REFUSED' })
    expect(stepsOf(link)).toEqual([step.hello, step.share, step.confirm])
    expect(textOf(link.frames.map(({ payload }) => payload))).not.toContain(phone.id)
    expect(mallory.inbound).toHaveLength(1)
  })
})
