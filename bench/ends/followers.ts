/** A page whose peers follow one device's store. */
import { type Connection, createPeer, createRemoteStore, type RemoteStore } from '@nanopeer/core'
import type { Meeting } from './contestant'
import { echo, optionsOf } from './nanopeer'
import { sample } from './payload'
import { change, changing, state, tell } from './shared-state'

interface Follower {
  readonly connection: Connection
  readonly $value: RemoteStore<Record<string, number>>['$value']
}

const followers: Follower[] = []

/** What each follower does with a value that has arrived, by a store or by a message. */
let arrived = (_n: number) => {}

/** Long enough that no change is shown together with the one before it. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 30))

const times = async (count: number, measure: () => Promise<readonly number[]>): Promise<number[]> => {
  const all: number[] = []
  for (let round = 0; round < count; round++) {
    await rest()
    all.push(...(await measure()))
  }
  return all
}

const first = (): Follower => {
  const [follower] = followers
  if (!follower) throw new Error('Nobody follows.')
  return follower
}

let n = 0

const bench = {
  async open(meeting: Meeting, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const peer = createPeer(crypto.randomUUID(), optionsOf(meeting))
      await peer.open()
      const connection = peer.connect(meeting.deviceId)
      const { $value } = createRemoteStore(connection, state)
      await new Promise<void>((resolve) => {
        $value.listen((value) => {
          resolve()
          arrived(value?.[changing] ?? 0)
        })
      })
      connection.onMessage((message) => arrived((message as { n: number }).n))
      followers.push({ connection, $value })
    }
  },
  /** Ms from a change to each of those who show it, by the store (`change`) or by messages (`tell`). */
  fanOut: (how: 'change' | 'tell', count: number) =>
    times(count, async () => {
      const mine = ++n
      const start = performance.now()
      const found: number[] = []
      const all = new Promise<void>((resolve) => {
        arrived = (seen) => {
          if (seen !== mine) return
          found.push(performance.now() - start)
          if (found.length === followers.length) resolve()
        }
      })
      await Promise.all([first().connection.request(how === 'change' ? change : tell, mine), all])
      return found
    }),
  /** Ms of one request at a time. */
  requests: (count: number) =>
    times(count, async () => {
      const start = performance.now()
      await first().connection.request(echo, sample)
      return [performance.now() - start]
    }),
  /** From now on each state takes so many ms, in which the page does nothing else; returns how many were shown before. */
  takeTime(ms: number): number {
    const before = shown
    shown = 0
    arrived = () => {
      shown++
      const end = performance.now() + ms
      while (performance.now() < end);
    }
    return before
  },
  latest: () => first().$value.value?.[changing],
}

let shown = 0

export type FollowerCommands = typeof bench

Object.assign(globalThis, { bench })
