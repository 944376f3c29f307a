/** A hostile page: the attacker of the tests, at work for as long as the clock runs. */
import { systemClock } from '../../packages/core/src/base/clock'
import { NanopeerError } from '../../packages/core/src/base/errors'
import { carryEngine } from '../../packages/core/src/engine/carry'
import { encodeFrames, FrameType } from '../../packages/core/src/engine/wire/frame'
import { createPeerjsTransport } from '../../packages/core/src/peer/peerjs-transport'
import {
  frame,
  hello,
  LinkClosed,
  Mallory,
  ready,
  type Until,
} from '../../packages/core/test/hostile/mallory'
import type { Meeting } from './contestant'
import { type Flood, highWater, type Scene, type Wave } from './flood'
import { sessionFloods } from './session-floods'
import { trustFloods } from './trust-floods'
import { undecided } from './undecided'
import { type BlowName, blows, valueFloods } from './value-floods'

/** What is flooded: a device that serves anybody, one that is slow to decide, one that asks for proofs. */
const groups = { session: sessionFloods, values: valueFloods, trust: trustFloods }
export type FloodGroup = keyof typeof groups
const floods: Readonly<Record<string, Flood>> = Object.assign({}, ...Object.values(groups))

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** What was waited for has not come. */
class NothingHeard extends Error {}

const until: Until = async (condition, what) => {
  for (const end = performance.now() + 10_000; !condition(); await pass(4)) {
    if (performance.now() > end) throw new NothingHeard(`Waited for ${what}.`)
  }
}

const besiegers: Mallory[] = []
const waves = new Map<string, Wave>()
/** Who takes part in which flood. */
const mallories = new Map<string, Mallory[]>()

const transport = carryEngine(createPeerjsTransport({ isSupported: () => true }))

/** The harness knows: it asks the device. */
const rendezvous: Scene['rendezvous'] = () =>
  (globalThis as unknown as Pick<Scene, 'rendezvous'>).rendezvous()

const optionsOf = ({ signalling }: Meeting) => ({
  server: { ...signalling, secure: false },
  iceServers: [],
})

const joinAs = (name: string, meeting: Meeting): Promise<Mallory> =>
  Mallory.join(transport, `${name}-${crypto.randomUUID()}`, systemClock, until, optionsOf(meeting))

/** What strangers send of whom nobody has decided whether they are served. */
const trickles: readonly ((mallory: Mallory, deviceId: string) => Promise<void>)[] = [
  ...[0, 1].map((size) => async (mallory: Mallory, deviceId: string) => {
    const channel = await mallory.dialPlain(deviceId)
    let isClosed = false
    channel.listen({ message() {}, drained() {}, closed: () => (isClosed = true) })
    for (let sent = 0; sent < 20_000 && !isClosed; sent += 100) {
      for (let count = 0; count < 100; count++) channel.send(new Uint8Array(size))
      await pass(4)
    }
  }),
  ...[
    encodeFrames(frame(FrameType.Cancel, 2)),
    encodeFrames(frame(FrameType.Request, 2, new Uint8Array(4000), true)),
    encodeFrames(...Array.from({ length: 4000 }, () => frame(FrameType.Cancel, 2))),
  ].map((message) => async (mallory: Mallory, deviceId: string) => {
    const link = await mallory.dial(deviceId)
    link.send(hello(), ready())
    for (let sent = 0; sent < 6000 && !link.isClosed; sent += 100) {
      for (let count = 0; count < 100; count++) link.raw(message)
      while (!link.isClosed && link.link.bufferedAmount > highWater) await pass(1)
      await pass(4)
    }
  }),
]

/**
 * A device that has heard from too many says so, does not answer, or closes a link without a word, and lets some in a little later:
 * when it has given up what it was asked about those before.
 */
async function untilLetIn<Result>(enter: () => Promise<Result>): Promise<Result> {
  for (const end = performance.now() + 60_000; ; await pass(500)) {
    try {
      return await enter()
    } catch (error) {
      if (!isKeptOut(error) || performance.now() > end) throw error
    }
  }
}

const isKeptOut = (error: unknown): boolean =>
  error instanceof NothingHeard ||
  (error instanceof LinkClosed && error.code === null) ||
  ((error instanceof NanopeerError || error instanceof LinkClosed) && error.code === 'OVERLOADED')

const bench = {
  names: (group: FloodGroup): string[] => Object.keys(groups[group]),
  /** Gets a flood ready: links that it needs are open then, because later the device may know better. */
  async prepare(name: string, meeting: Meeting): Promise<void> {
    mallories.set(name, [])
    const scene: Scene = {
      meeting,
      pass,
      rendezvous,
      async join(who = 'mallory') {
        const mallory = await joinAs(who, meeting)
        mallories.get(name)?.push(mallory)
        return mallory
      },
    }
    const flood = floods[name]
    if (!flood) throw new Error(`There is no flood ${name}.`)
    const wave = await untilLetIn(() => flood(scene)).catch((cause) => {
      throw new Error(`The flood ${name} could not get ready: ${cause}`, { cause })
    })
    waves.set(name, wave)
  },
  /**
   * Floods for so many ms, and leaves; returns how many waves there were, and how many of them got through: many are refused, as
   * they should be.
   */
  async flood(name: string, duration: number): Promise<{ waves: number; through: number }> {
    const wave = waves.get(name)
    if (!wave) throw new Error(`The flood ${name} is not ready.`)
    let count = 0
    let through = 0
    for (const end = performance.now() + duration; performance.now() < end; count++) {
      await wave().then(
        () => through++,
        () => pass(10),
      )
    }
    await Promise.all((mallories.get(name) ?? []).map((mallory) => mallory.leave()))
    return { waves: count, through }
  },
  blowNames: (): BlowName[] => Object.keys(blows) as BlowName[],
  /** One value, so large, from somebody new; resolves when the device is through with it, or has closed the link. */
  async strike(name: BlowName, meeting: Meeting): Promise<void> {
    const mallory = await joinAs('mallory', meeting)
    const link = await mallory.enter(meeting.deviceId)
    for (const message of blows[name]()) {
      link.raw(message)
      while (!link.isClosed && link.link.bufferedAmount > highWater) await pass(1)
    }
    await link.delivered()
    await mallory.leave()
  },
  /** As many strangers as come in, whom nobody decides about, send what they can for so many ms; and then stay. */
  async besiege(meeting: Meeting, duration: number): Promise<void> {
    const strangers: Mallory[] = []
    for (const end = performance.now() + duration; performance.now() < end; ) {
      const wave = trickles.map(async (trickle) => {
        const mallory = await joinAs(undecided, meeting)
        strangers.push(mallory)
        await trickle(mallory, meeting.deviceId)
      })
      await Promise.race([Promise.allSettled(wave), pass(2000)])
    }
    besiegers.push(...strangers)
  },
  /** They leave. */
  async withdraw(): Promise<void> {
    await Promise.all(besiegers.splice(0).map((mallory) => mallory.leave()))
  },
}

export type MalloryCommands = typeof bench

Object.assign(globalThis, { bench })
