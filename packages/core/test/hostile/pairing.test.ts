import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Link, Transport } from '../../src/base/transport'
import { encodeValue } from '../../src/codec/write'
import { createIdentity } from '../../src/engine/identity/create'
import { generateKeyPair } from '../../src/engine/identity/signature'
import { scalarOf, startSpake2 } from '../../src/engine/pairing/spake2'
import { type Frame, FrameType } from '../../src/engine/wire/frame'
import type { Pairing } from '../../src/index'
import { loadPairing } from '../../src/peer/load-pairing'
import { createTestNetwork } from '../../testing'
import { VirtualClock } from '../support/virtual-clock'
import { create, join, until } from './cast'
import { byeCode, frame, Mallory, type MalloryLink } from './mallory'
import {
  confirmFrame,
  helloFrame,
  pairFrame,
  rendezvousOf,
  shareFrame,
  step,
  stepsOf,
} from './pairing-frames'
import { type Change, relayPairing, silentEvents, stepsIn } from './pairing-relay'
import { recording } from './recording'

// A clock that stands still cannot wait for an import.
beforeAll(() => loadPairing(createTestNetwork().transport))

/** A device with a key, whom the friend may ask. */
const createDevice = async (id: string, transport: Transport) => {
  const identity = await createIdentity(await generateKeyPair(false), { created: true, error: null })
  return create(id, { transport, identity, accept: ({ id }) => id === 'friend' })
}

const shownBy = async (pairing: Pairing): Promise<string> => {
  await until(() => pairing.$state.get().code !== null, 'a code to be shown')
  return pairing.$state.get().code as string
}

const errorWith = (code: string) => expect.objectContaining({ code })

/** A device that shows a code, somebody who knows it, and Mallory at the code's digits. */
const createScene = async (net = createTestNetwork()) => {
  const [nas, phone] = [await createDevice('nas', net.transport), await createDevice('phone', net.transport)]
  const hosting = nas.pair()
  const code = await shownBy(hosting)
  const mallory = await join(net.transport, 'mallory')
  const dial = () => mallory.dial(rendezvousOf(code))
  return { net, nas, phone, hosting, code, mallory, dial }
}

/** Mallory has made a guess, and was told so. */
const guess = async (link: MalloryLink) => {
  link.send(helloFrame())
  await link.next(FrameType.Pair)
  link.send(shareFrame())
  await until(() => stepsOf(link).includes(step.share) || link.isClosed, 'the answer to a guess')
  link.send(confirmFrame())
  await link.closed()
}

describe('whoever does not know the code', () => {
  test('is told nothing that depends on it before the guess is counted, nor after a wrong one', async () => {
    const { hosting, dial } = await createScene()
    const link = await dial()
    link.send(helloFrame())
    await link.next(FrameType.Pair)
    expect(stepsOf(link)).toEqual([step.hello])
    expect(hosting.$state.get().guessesLeft).toBe(3)
    link.send(shareFrame())
    await until(() => stepsOf(link).length === 2, 'the share of the device')
    expect(hosting.$state.get().guessesLeft).toBe(2)
    link.send(confirmFrame())
    await link.closed()
    expect(stepsOf(link)).toEqual([step.hello, step.share])
    expect(byeCode(link.of(FrameType.Bye)[0] as Frame)).toBe('REFUSED')
  })

  test('makes a guess by breaking off, too, and has three', async () => {
    const { hosting, phone, code, dial } = await createScene()
    for (const left of [2, 1]) {
      const link = await dial()
      link.send(helloFrame(), shareFrame())
      await until(() => hosting.$state.get().guessesLeft === left, 'the guess to be counted')
      await link.close()
    }
    await guess(await dial())
    await expect(hosting.done).rejects.toThrow(errorWith('REFUSED'))
    await expect(phone.join(code).done).rejects.toThrow(errorWith('PEER_UNAVAILABLE'))
  })

  test('keeps nobody out for longer than one exchange, and has used a guess for it', async () => {
    const { hosting, phone, code, dial } = await createScene()
    const slow = await dial()
    slow.send(helloFrame(), shareFrame())
    await until(() => hosting.$state.get().guessesLeft === 2, 'the guess to be counted')
    const second = await dial()
    second.send(helloFrame(), shareFrame())
    expect(byeCode(await second.next(FrameType.Bye))).toBe('OVERLOADED')
    expect(hosting.$state.get().guessesLeft).toBe(2)
    const joining = phone.join(code)
    await slow.close()
    await expect(joining.done).resolves.toMatchObject({ id: 'nas' })
  })

  test('who says nothing more after HELLO keeps nobody out', async () => {
    const { phone, code, dial } = await createScene()
    for (let count = 0; count < 4; count++) (await dial()).send(helloFrame())
    await expect(phone.join(code).done).resolves.toMatchObject({ id: 'nas' })
  })

  test('who answers in the place of the device gets one guess, and learns no id and no key', async () => {
    const net = createTestNetwork()
    const phone = await createDevice('phone', net.transport)
    const mallory = await join(net.transport, 'nanopeer-pair-482913')
    const joining = phone.join('482913-apple-tower')
    await until(() => mallory.inbound.length === 1, 'the phone to dial')
    const link = mallory.inbound[0] as MalloryLink
    await link.next(FrameType.Pair)
    expect(link.link.remoteId).not.toContain('phone')
    link.send(helloFrame())
    await until(() => stepsOf(link).includes(step.share), 'the share of the phone')
    const w = scalarOf(new TextEncoder().encode('zoo-zoo'), 'a guess')
    const identities = { A: link.link.remoteId, B: 'nanopeer-pair-482913' }
    link.send(pairFrame(step.share, startSpake2({ role: 'B', identities, w }).share))
    await until(() => stepsOf(link).includes(step.confirm), 'the confirmation of the phone')
    link.send(confirmFrame())
    await expect(joining.done).rejects.toThrow(errorWith('REFUSED'))
    expect(stepsOf(link)).toEqual([step.hello, step.share, step.confirm])
    expect(mallory.inbound).toHaveLength(1)
  })

  test('after ten thousand wrong guesses a fresh code pairs, and friends get in', async () => {
    const clock = new VirtualClock()
    const net = createTestNetwork({ clock })
    const so = (condition: () => boolean) => clock.runUntil(condition)
    const nas = await createDevice('nas', net.transport)
    const phone = await createDevice('phone', net.transport)
    const friend = create('friend', { transport: net.transport })
    nas.handle('echo', (input) => input)
    const opening = nas.open()
    await so(() => nas.$status.get().state === 'open')
    await opening
    const mallory = await Mallory.join(net.transport, 'mallory', clock, so)
    const show = async () => {
      const hosting = nas.pair()
      await so(() => hosting.$state.get().code !== null)
      return { hosting, code: hosting.$state.get().code as string }
    }
    let guesses = 0
    while (guesses < 10_000) {
      const { hosting, code } = await show()
      for (let count = 0; count < 3; count++, guesses++) {
        const link = await mallory.dial(rendezvousOf(code))
        // One in a hundred is a real one; the others are counted before they are looked at, and cost no one anything.
        const share = guesses % 100 === 0 ? shareFrame() : pairFrame(step.share, new Uint8Array(65))
        link.send(helloFrame(), share, confirmFrame())
        await link.closed()
      }
      await expect(hosting.done).rejects.toThrow(errorWith('REFUSED'))
    }
    const { hosting, code } = await show()
    const joining = phone.join(code)
    // Who knows the code makes use of WebCrypto, which waits for no clock.
    const isUnderWay = () =>
      [hosting, joining].some(({ $state }) => /starting|waiting/.test($state.get().status))
    while (isUnderWay()) {
      await clock.advance(1)
      // Slowly enough for what a busy machine may take.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await expect(joining.done).resolves.toMatchObject({ id: 'nas' })
    const answer = friend.connect('nas').request('echo', 'here')
    /** On a clock that goes on only here. */
    const settled = async <Value>(promise: Promise<Value>) => {
      let isSettled = false
      void promise.finally(() => {
        isSettled = true
      })
      await so(() => isSettled)
      return promise
    }
    expect(await settled(answer)).toBe('here')
    await settled(Promise.all([nas, phone, friend].map((peer) => peer.destroy())))
  })

  test('is cut off after five seconds, and heard no more after two minutes', async () => {
    const clock = new VirtualClock()
    const net = createTestNetwork({ clock })
    const nas = await createDevice('nas', net.transport)
    const hosting = nas.pair()
    await clock.runUntil(() => hosting.$state.get().code !== null)
    const there = rendezvousOf(hosting.$state.get().code as string)
    let link: Link | null = null
    let isClosed = false
    const signalling = net.transport.join('mallory', {}, silentEvents)
    onTestFinished(() => signalling.leave())
    void signalling.dial(there, { signal: new AbortController().signal }).then((opened) => {
      link = opened
      opened.listen({ message() {}, drained() {}, closed: () => (isClosed = true) })
    })
    await clock.runUntil(() => link !== null)
    await clock.advance(4_900)
    expect(isClosed).toBe(false)
    await clock.runUntil(() => isClosed, 5_000)
    expect(hosting.$state.get().guessesLeft).toBe(3)
    await clock.advance(120_000)
    await expect(hosting.done).rejects.toThrow(errorWith('TIMEOUT'))
  })
})

/** Mallory between the two: what each side says, she passes on as `change` wants. Everything is seen. */
const relayed = async (change: Change) => {
  const [hostNet, joinerNet] = [createTestNetwork(), createTestNetwork()]
  const [nas, phone] = [
    await createDevice('nas', hostNet.transport),
    await createDevice('phone', joinerNet.transport),
  ]
  const hosting = nas.pair()
  const code = await shownBy(hosting)
  const seen = await relayPairing(
    { transport: joinerNet.transport },
    { transport: hostNet.transport },
    rendezvousOf(code),
    change,
  )
  const joining = phone.join(code)
  const outcomes = await Promise.allSettled([joining.done, Promise.race([hosting.done, joining.done])])
  return { seen, outcomes, hosting, code, identities: ['nas', 'phone'] }
}

const isStep = (message: Uint8Array, type: number) => stepsIn(message)[0] === type

describe('whoever stands between the two', () => {
  test('and passes everything on cannot pair, and learns no id, no key and no word', async () => {
    const { seen, outcomes, hosting, code } = await relayed((message) => [message])
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'REFUSED' } })
    expect(hosting.$state.get()).toMatchObject({ status: 'waiting', guessesLeft: 2 })
    const text = seen.map((bytes) => Buffer.from(bytes).toString('latin1')).join()
    for (const secret of ['nas', 'phone', ...code.split('-').slice(1)]) expect(text).not.toContain(secret)
    // The phone's confirmation is the last that is said: no confirmation of the device, and no card.
    const steps = [step.hello, step.hello, step.share, step.share, step.confirm]
    expect(seen.flatMap(stepsIn)).toEqual(steps)
  })

  test.each<[string, Change]>([
    [
      'repeats a HELLO',
      (message, sender) => (sender === 'A' && isStep(message, step.hello) ? [message, message] : [message]),
    ],
    ['repeats a share', (message) => (isStep(message, step.share) ? [message, message] : [message])],
    ['repeats a confirmation', (message) => (isStep(message, step.confirm) ? [message, message] : [message])],
    [
      'changes a bit of a share',
      (message) => {
        const changed = message.slice()
        if (isStep(message, step.share)) changed[40] = (changed[40] as number) ^ 1
        return [changed]
      },
    ],
    ['leaves out the confirmation', (message) => (isStep(message, step.confirm) ? [] : [message])],
    ['leaves out a HELLO', (message) => (isStep(message, step.hello) ? [] : [message])],
  ])(
    'and %s cannot pair',
    async (_what, change) => {
      const { outcomes, hosting } = await relayed(change)
      expect(outcomes[0]?.status).toBe('rejected')
      expect(hosting.$state.get().status).not.toBe('paired')
    },
    30_000,
  )

  test('and gives each side its own steps back is refused by both', async () => {
    const { hosting, dial } = await createScene()
    const link = await dial()
    link.send(helloFrame())
    link.send(pairFrame(step.share, new Uint8Array(0)))
    await link.closed()
    const mirror = await dial()
    mirror.send(helloFrame())
    const theirs = await mirror.next(FrameType.Pair)
    mirror.send(shareFrame())
    await until(() => stepsOf(mirror).length === 2, 'the share of the device')
    const share = mirror.frames.find(({ payload }) => payload[0] === step.share) as Frame
    mirror.send(frame(FrameType.Pair, 0, share.payload), theirs)
    expect(byeCode(await mirror.next(FrameType.Bye))).toBe('PROTOCOL')
    expect(hosting.$state.get()).toMatchObject({ status: 'waiting', guessesLeft: 1 })
  })
})

test('what was recorded of a pairing pairs nobody again', async () => {
  const net = createTestNetwork()
  const { transport, recorded } = recording(net.transport)
  const [nas, phone] = [await createDevice('nas', net.transport), await createDevice('phone', transport)]
  const hosting = nas.pair()
  await phone.join(await shownBy(hosting)).done
  expect(recorded.flatMap(stepsIn)).toEqual([1, 2, 3, 4, 5])
  const text = recorded.map((bytes) => Buffer.from(bytes).toString('latin1')).join()
  expect(text).not.toContain('phone')

  const again = nas.pair()
  const mallory = await join(net.transport, 'mallory')
  const link = await mallory.dial(rendezvousOf(await shownBy(again)))
  for (const message of recorded) link.raw(new Uint8Array(message))
  await link.closed()
  expect(byeCode(link.of(FrameType.Bye)[0] as Frame)).toBe('REFUSED')
  expect(again.$state.get()).toMatchObject({ status: 'waiting', guessesLeft: 2 })
})

describe('what is no step of a pairing', () => {
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
  test.each<[string, () => Frame[]]>([
    ['a HELLO of a session', () => [frame(FrameType.Hello, 0, random(40))]],
    ['a request', () => [frame(FrameType.Request, 1, random(40))]],
    ['an empty step', () => [frame(FrameType.Pair)]],
    ['an unknown step', () => [pairFrame(9, random(40))]],
    ['a share first', () => [shareFrame()]],
    ['a HELLO of another version', () => [helloFrame('code', 2)]],
    ['a HELLO of another form', () => [helloFrame('guess')]],
    ['a HELLO that is no value', () => [pairFrame(step.hello, random(12))]],
    ['a HELLO of a map', () => [pairFrame(step.hello, encodeValue({ 0: 1 }, 'INVALID_INPUT'))]],
    ['a HELLO over the size', () => [pairFrame(step.hello, random(5000))]],
  ])('%s ends the link with PROTOCOL, and is no guess', async (_what, frames) => {
    const { hosting, phone, code, dial } = await createScene()
    const link = await dial()
    link.send(...frames())
    expect(byeCode(await link.next(FrameType.Bye))).toBe('PROTOCOL')
    expect(hosting.$state.get().guessesLeft).toBe(3)
    await expect(phone.join(code).done).resolves.toMatchObject({ id: 'nas' })
  })
})
