import { action } from '../../src/base/action'
import type { Clock } from '../../src/base/clock'
import type { SignallingOptions, Transport } from '../../src/base/transport'
import type { Connection, Peer, PeerOptions } from '../../src/base/types'
import { createPeer } from '../../src/peer/registry'
import { type ResourceUsage, resourceUsage } from '../support/resource-usage'
import { Mallory, type Until } from './mallory'

/** Where an attack is played: the network in memory with a virtual clock, or real WebRTC in a browser. */
export interface Theatre {
  readonly transport: Transport
  readonly signalling: SignallingOptions
  readonly clock: Clock
  readonly until: Until
  /** Lets `ms` pass. */
  pass(ms: number): Promise<void>
  /** Ids no other test uses. */
  id(name: string): string
  /** How many dials a flood has. */
  readonly dials: number
  /** Cuts every link between two ids, and lets new ones through. */
  cut(a: string, b: string): void
  /** `RTCPeerConnection`s that are open, or links where there is no WebRTC. */
  channels(): number
}

const echo = action<unknown, unknown>('echo')
const read = action.bytes<{ size: number }>('read')
const count = action.events<{ to: number }, number>('count')

/** A device that serves, a friend that is served, and everything to see what Mallory does to both. */
export interface Stage extends Theatre {
  readonly victim: Peer
  readonly victimId: string
  /** The friend's connection to the victim. */
  readonly friend: Connection
  /** What the victim reported to its `onError`. */
  readonly reports: { error: unknown; remoteId?: string }[]
  /** Handlers that were begun, by action and remote. */
  readonly runs: string[]
  /** Signals of handlers that never answer by themselves. */
  readonly stuck: AbortSignal[]
  mallory(name?: string): Promise<Mallory>
  census(): ResourceUsage
  /** The friend's link dies, and another one carries its session on. */
  breakFriend(): Promise<void>
  /** The friend is answered, in time. */
  friendIsServed(): Promise<void>
}

/** Waits for a promise on the theatre's clock. */
const settled = async <Value>(theatre: Theatre, promise: Promise<Value>, what: string): Promise<Value> => {
  let done = false
  const watch = () => {
    done = true
  }
  promise.then(watch, watch)
  await theatre.until(() => done, what)
  return promise
}

export interface Attack {
  readonly name: string
  readonly options?: PeerOptions
  /** The friend's; it has the device's secret in any case. */
  readonly friend?: PeerOptions
  run(stage: Stage): Promise<void>
}

/** Sets the stage, runs the attack, and checks that nothing of it stays and nobody else suffered. */
export const play = async (
  theatre: Theatre,
  { options, friend: friendOptions, run }: Attack,
): Promise<void> => {
  const { transport, signalling, clock } = theatre
  const victimId = theatre.id('device')
  const reports: Stage['reports'] = []
  const runs: string[] = []
  const stuck: AbortSignal[] = []
  const mallories: Mallory[] = []
  const victim = createPeer(victimId, {
    transport,
    ...signalling,
    accept: 'anyone',
    reconnect: { resumeTimeout: 1000 },
    ...options,
    onError: (error, context) => reports.push({ error, ...context }),
  })
  victim.handle(echo, (input, { connection }) => {
    runs.push(`echo ${connection.remoteId}`)
    return input
  })
  victim.handle(read, ({ size }, { connection }) => {
    runs.push(`read ${connection.remoteId}`)
    return endless(size)
  })
  victim.handle(count, async function* ({ to }) {
    for (let number = 0; number < to; number++) yield number
  })
  victim.handle('stuck', (_input, { signal }) => {
    stuck.push(signal)
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const friendPeer = createPeer(theatre.id('friend'), {
    transport,
    ...signalling,
    secret: options?.secret,
    ...friendOptions,
    onError: () => {},
  })
  try {
    await settled(theatre, victim.open(), 'the victim to be open')
    await settled(theatre, friendPeer.open(), 'the friend to be open')
    const friend = friendPeer.connect(victimId)
    const stage: Stage = {
      ...theatre,
      victim,
      victimId,
      friend,
      reports,
      runs,
      stuck,
      census: () => resourceUsage(victim),
      async breakFriend() {
        const { links } = friend.$stats.get()
        theatre.cut(victimId, friendPeer.id)
        await theatre.until(() => friend.$stats.get().links > links, 'the friend to come back')
      },
      async mallory(name = 'mallory') {
        const mallory = await Mallory.join(transport, theatre.id(name), clock, theatre.until, signalling)
        mallories.push(mallory)
        return mallory
      },
      async friendIsServed() {
        const answer = await settled(theatre, friend.request(echo, 'hello', { timeout: 5000 }), 'the answer')
        if (answer !== 'hello') throw new Error('The friend was answered wrongly.')
      },
    }
    await stage.friendIsServed()
    // What the friend has not acknowledged yet is no part of the picture.
    await theatre.until(() => stage.census().frames === 0, 'the friend to acknowledge')
    const before = JSON.stringify(stage.census())
    const channelsBefore = theatre.channels()
    await run(stage)
    await stage.friendIsServed()
    for (const mallory of mallories.splice(0)) await settled(theatre, mallory.leave(), 'Mallory to leave')
    const isBack = () => JSON.stringify(stage.census()) === before && theatre.channels() === channelsBefore
    await theatre.until(isBack, `the census to be ${before} again`).catch((error) => {
      throw new Error(`${JSON.stringify(stage.census())}: ${error.message}`)
    })
    if (friend.$status.get().state !== 'open') throw new Error('The friend was disconnected.')
  } finally {
    for (const mallory of mallories) await settled(theatre, mallory.leave(), 'Mallory to leave')
    await settled(theatre, Promise.all([victim.destroy(), friendPeer.destroy()]), 'the peers to be destroyed')
  }
}

/** Bytes without an own length, made as they are asked for. */
const endless = (size: number): ReadableStream<Uint8Array> => {
  let left = size
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = new Uint8Array(Math.min(left, 65_536))
        left -= chunk.length
        if (chunk.length > 0) controller.enqueue(chunk)
        if (left === 0) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

/** @throws when it does not hold. */
export const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`Expected ${what}.`)
}
