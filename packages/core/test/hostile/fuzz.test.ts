import { beforeAll, describe, expect, test } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import { generateSecret } from '../../src/base/secret'
import { decodeValue } from '../../src/codec/read'
import { prove } from '../../src/engine/handshake/authenticate'
import { readHello } from '../../src/engine/pairing/exchange'
import { pointOf } from '../../src/engine/pairing/spake2'
import { decodeAuth } from '../../src/engine/wire/auth'
import { decodeFailure } from '../../src/engine/wire/failure'
import { decodeFrames, encodeFrames, FrameType } from '../../src/engine/wire/frame'
import { decodeHello, decodeReady } from '../../src/engine/wire/hello'
import { decodeDescription, decodeTracks } from '../../src/engine/wire/media'
import { decodeRequest } from '../../src/engine/wire/request-head'
import { decodeVarint } from '../../src/engine/wire/varint'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork } from '../../testing'
import { Random } from '../simulation/random'
import { mutate, randomBytes } from '../support/fuzz/mutate'
import { recordConversation, serve } from '../support/fuzz/record'
import { memoryKnown, newIdentity, rotated } from '../support/identities'
import { resourceUsage } from '../support/resource-usage'
import { VirtualClock } from '../support/virtual-clock'
import { join, open, until } from './cast'
import { frame, hello, Mallory, ready, request } from './mallory'
import {
  confirmFrame,
  helloFrame,
  pairFrame,
  rendezvousOf,
  shareFrame,
  step,
  stepsOf,
} from './pairing-frames'

/** Inputs in all; `npm run fuzz` sets a million. */
const inputs = Number(process.env.FUZZ_INPUTS ?? 200_000)
/** Where to begin; a failure names the seed that it began with. */
const firstSeed = Number(process.env.FUZZ_SEED ?? 1)
const decoderShare = 0.745
const sessionShare = 0.25
/** The rarest: a guess at a code costs milliseconds. What is left is of handshakes with keys. */
const pairingShare = 0.001
const timeout = 60_000 + inputs

type Message = Uint8Array<ArrayBuffer>
let links: readonly (readonly Message[])[] = []
let messages: readonly Message[] = []
/** Handshakes with something to prove. Cryptography does not run on a virtual clock, so no session is told of them. */
let proofs: readonly Message[] = []
/** Pairings with a wrong code, which go on as if it had been right. */
let pairings: readonly Message[] = []

beforeAll(async () => {
  links = await recordConversation()
  messages = links.flat()
  proofs = await recordProofs()
  pairings = ['code', 'qr'].map((form) =>
    encodeFrames(
      helloFrame(form),
      shareFrame(),
      confirmFrame(),
      pairFrame(step.card, crypto.getRandomValues(new Uint8Array(200))),
      pairFrame(step.verdict, crypto.getRandomValues(new Uint8Array(17))),
    ),
  )
})

const decoders: readonly ((payload: Uint8Array) => unknown)[] = [
  decodeHello,
  decodeAuth,
  decodeReady,
  decodeFailure,
  decodeRequest,
  decodeTracks,
  decodeDescription,
  decodeValue,
  decodeVarint,
  // Behind the byte that says which step of a pairing it is.
  (payload) => readHello(payload.subarray(1)),
  (payload) => pointOf(payload.subarray(1)),
]

/** What devices with a secret, a key, both, and a key that has replaced others say first. */
const recordProofs = async (): Promise<Message[]> => {
  const heir = await rotated(await rotated(await newIdentity()))
  const credentials = [
    { secret: generateSecret(), identity: null },
    { secret: null, identity: await newIdentity() },
    { secret: generateSecret(), identity: heir },
  ]
  return Promise.all(
    credentials.map(async (given) => {
      const first = hello({ nonce: crypto.getRandomValues(new Uint8Array(32)) })
      const transcript = {
        diallerId: 'laptop',
        accepterId: 'device',
        fingerprints: { dialler: new Uint8Array(32), accepter: new Uint8Array(32) },
        diallerHello: first.payload,
      }
      const proof = frame(FrameType.Auth, 0, await prove(given, 'dialler', transcript))
      return encodeFrames(first, proof, ready(), request(2, 'echo', 'hello'))
    }),
  )
}

/** Reads a message as both sides would, and every payload as everything that it could be. */
const read = (message: Uint8Array): void => {
  for (const { payload } of decodeFrames(message)) {
    for (const decode of decoders) mayRefuse(() => decode(payload))
  }
}

const mayRefuse = (act: () => void): void => {
  try {
    act()
  } catch (error) {
    if (error instanceof NanopeerError && error.code === 'PROTOCOL') return
    throw error
  }
}

test('the recorded conversation has every kind of frame that an asker sends', () => {
  const types = new Set(messages.flatMap((message) => [...decodeFrames(message)].map(({ type }) => type)))
  expect([...types].sort((a, b) => a - b)).toEqual([1, 4, 6, 7, 8, 9, 17, 18, 21, 23, 25, 26])
  expect(links.length).toBe(2)
})

test(`the decoders refuse with PROTOCOL, and throw nothing else (${inputs * decoderShare} inputs)`, {
  timeout,
}, () => {
  const known = [...messages, ...proofs, ...pairings]
  for (let input = 0; input < inputs * decoderShare; input++) {
    const seed = firstSeed + input
    const random = new Random(seed)
    const message = random.chance(0.3) ? randomBytes(random, 400) : mutate(random.pick(known), random)
    try {
      mayRefuse(() => read(message))
    } catch (error) {
      throw new Error(`FUZZ_SEED=${seed}: ${(error as Error).stack}`)
    }
  }
})

describe('a session', () => {
  const count = inputs * sessionShare

  test(`takes whatever comes, serves others, and leaves nothing behind (${count} inputs)`, {
    timeout,
  }, async () => {
    const clock = new VirtualClock()
    const net = createTestNetwork({ clock })
    const until = (condition: () => boolean) => clock.runUntil(condition)
    const many = { handshakes: 1e6, dialsPerMinute: 1e6, linksPerRemote: 1e6 }
    const device = createPeer('device', {
      transport: net.transport,
      accept: 'anyone',
      limits: many,
      reconnect: { resumeTimeout: 500 },
      onError: () => {},
    })
    serve(device)
    const friendPeer = createPeer('friend', { transport: net.transport, onError: () => {} })
    void device.open()
    void friendPeer.open()
    const friend = friendPeer.connect('device')
    const isServed = async () => {
      let answer: unknown
      friend.request('echo', 'hello').then((value) => {
        answer = value
      })
      await until(() => answer === 'hello')
    }
    await isServed()
    await clock.advance(10_000)
    const quiet = { census: resourceUsage(device), timers: clock.pending }
    let sent = 0
    for (let round = 0; sent < count; round++) {
      const seed = firstSeed + round
      const random = new Random(seed)
      try {
        const mallory = await Mallory.join(net.transport, 'mallory', clock, until)
        const link = await mallory.dial('device')
        // Some begin as they should, and get further.
        if (random.chance(0.7)) link.send(hello(), ready())
        const conversation = random.pick(links)
        for (let index = 0; index < 40; index++, sent++) {
          const recorded = random.chance(0.8)
            ? conversation[index % conversation.length]
            : random.pick(messages)
          const isTrue = random.chance(0.3)
          const message = isTrue ? (recorded as Message) : mutate(recorded as Message, random)
          link.link.send(random.chance(0.05) ? randomBytes(random, 200) : message)
          if (random.chance(0.1)) await clock.advance(random.between(0, 50))
          if (link.isClosed) break
        }
        await clock.advance(10)
        const { connections, sessions, handshakes, streams, arrived, held } = resourceUsage(device)
        expect(connections).toBeLessThanOrEqual(3)
        expect(sessions + handshakes).toBeLessThanOrEqual(4)
        expect(streams).toBeLessThan(200)
        expect(arrived + held).toBeLessThan(4 * 1024 * 1024)
        await mallory.leave()
        if (round % 20 === 0) await isServed()
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}: ${(error as Error).stack}`)
      }
    }
    await isServed()
    await clock.advance(60_000)
    expect(resourceUsage(device)).toEqual(quiet.census)
    expect(clock.pending).toBeLessThanOrEqual(quiet.timers)
    expect(friend.$stats.get().links).toBe(1)
    let ended = false
    void Promise.all([device.destroy(), friendPeer.destroy()]).then(() => {
      ended = true
    })
    await until(() => ended)
  })
})

describe('a handshake with keys', () => {
  const count = Math.round(inputs * (1 - decoderShare - sessionShare - pairingShare))

  test(`lets nobody in whatever it is told, and leaves nothing behind (${count} inputs)`, {
    timeout,
  }, async () => {
    const { transport } = createTestNetwork()
    const runs: unknown[] = []
    const friend = await newIdentity()
    const device = await open('device', {
      transport,
      identity: await newIdentity(),
      accept: [friend.key],
      limits: { handshakes: 1e6, dialsPerMinute: 1e6, linksPerRemote: 1e6 },
    })
    device.handle('echo', (input) => runs.push(input))
    const mallory = await join(transport, 'mallory')
    const quiet = resourceUsage(device)
    for (let input = 0; input < count; input++) {
      const seed = firstSeed + input
      const random = new Random(seed)
      try {
        const link = await mallory.dial('device')
        link.raw(mutate(random.pick(proofs), random))
        // Whatever is missing will not come.
        link.send(frame(FrameType.Bye))
        await link.closed()
        expect(link.of(FrameType.Ready)).toEqual([])
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}: ${(error as Error).stack}`)
      }
    }
    expect(runs).toEqual([])
    await until(() => JSON.stringify(resourceUsage(device)) === JSON.stringify(quiet), 'nothing to be left')
    const laptop = await open('laptop', { transport, identity: friend })
    expect(await laptop.connect('device').request('echo', 'hello')).toBe(1)
  })
})

describe('a device that shows a code', () => {
  const count = Math.round(inputs * pairingShare)
  /** Before strangers dial one code too often. */
  const inputsPerCode = 5

  test(`pairs with nobody whatever it is told, and then with whoever knows the code (${count} inputs)`, {
    timeout,
  }, async () => {
    const { transport } = createTestNetwork()
    const known = memoryKnown()
    const device = await open('device', { transport, identity: await newIdentity(), known })
    const mallory = await join(transport, 'mallory')
    const show = async () => {
      const { $state, done } = device.pair()
      done.catch(() => {})
      await until(() => $state.get().code !== null, 'a code to be shown')
      return { $state, done, code: $state.get().code as string }
    }
    let shown = await show()
    for (let input = 0; input < count; input++) {
      const seed = firstSeed + input
      const random = new Random(seed)
      try {
        if (input % inputsPerCode === 0 || shown.$state.get().status === 'failed') shown = await show()
        const link = await mallory.dial(rendezvousOf(shown.code))
        link.raw(mutate(random.pick(pairings), random))
        // Whatever is missing will not come.
        link.send(frame(FrameType.Bye))
        await link.closed()
        expect(stepsOf(link)).not.toContain(step.confirm)
        expect(stepsOf(link)).not.toContain(step.card)
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}: ${(error as Error).stack}`)
      }
    }
    expect(await known.list()).toEqual([])
    shown = await show()
    const phone = await open('phone', { transport, identity: await newIdentity() })
    await phone.join(shown.code).done
    expect(await shown.done).toMatchObject({ id: 'phone' })
  })
})
