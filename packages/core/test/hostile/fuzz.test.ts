import { beforeAll, describe, expect, test } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import { decodeValue } from '../../src/codec/read'
import { decodeFailure } from '../../src/engine/wire/failure'
import { decodeFrames } from '../../src/engine/wire/frame'
import { decodeHello, decodeReady } from '../../src/engine/wire/hello'
import { decodeRequest } from '../../src/engine/wire/request-head'
import { decodeVarint } from '../../src/engine/wire/varint'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork } from '../../testing'
import { Random } from '../simulation/random'
import { mutate, randomBytes } from '../support/fuzz/mutate'
import { recordConversation, serve } from '../support/fuzz/record'
import { resourceUsage } from '../support/resource-usage'
import { VirtualClock } from '../support/virtual-clock'
import { hello, Mallory, ready } from './mallory'

/** Inputs in all; `npm run fuzz` sets a million. */
const inputs = Number(process.env.FUZZ_INPUTS ?? 200_000)
/** Where to begin; a failure names the seed that it began with. */
const firstSeed = Number(process.env.FUZZ_SEED ?? 1)
const decoderShare = 0.75
const timeout = 60_000 + inputs

type Message = Uint8Array<ArrayBuffer>
let links: readonly (readonly Message[])[] = []
let messages: readonly Message[] = []

beforeAll(async () => {
  links = await recordConversation()
  messages = links.flat()
})

const decoders: readonly ((payload: Uint8Array) => unknown)[] = [
  decodeHello,
  decodeReady,
  decodeFailure,
  decodeRequest,
  decodeValue,
  decodeVarint,
]

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
  for (let input = 0; input < inputs * decoderShare; input++) {
    const seed = firstSeed + input
    const random = new Random(seed)
    const message = random.chance(0.3) ? randomBytes(random, 400) : mutate(random.pick(messages), random)
    try {
      mayRefuse(() => read(message))
    } catch (error) {
      throw new Error(`FUZZ_SEED=${seed}: ${(error as Error).stack}`)
    }
  }
})

describe('a session', () => {
  const count = inputs * (1 - decoderShare)

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
