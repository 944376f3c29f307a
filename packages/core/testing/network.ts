import { type Clock, systemClock } from '../src/base/clock'
import type { Transport } from '../src/base/transport'
import { carryEngine } from '../src/engine/carry'
import { TestSignalling } from './signalling'
import { emptyStream } from './stand-in-stream'
import { Switchboard } from './switchboard'

/** How a test network is to be. */
export interface TestNetworkOptions {
  /** Ms from one end to the other. @default 0: the next task */
  readonly delay?: number
  /** Bytes per second, per link and direction; null for as fast as the machine. @default null */
  readonly rate?: number | null
  /** The largest message of a link, bytes; a larger one breaks it. @default 262144, as in Chromium */
  readonly maxMessageSize?: number | null
  /** How links say that they travel. @default 'direct' */
  readonly route?: 'direct' | 'relay'
  /** @default the system's: works with fake timers, which must fake `performance`, too */
  readonly clock?: Clock
}

/** How a path breaks. */
export interface CutOptions {
  /**
   * Nobody is told, as when the Wi-Fi is out of range: messages stop arriving, without an event. Or the one id
   * that is told nothing, while the other sees its link close.
   * @default false: both sides see their links close
   */
  readonly silent?: boolean | string
  /**
   * Whether a silent link goes on after {@link TestNetwork.heal}, with nothing lost, as when the Wi-Fi is back.
   * False: silent for good, as when an address changed. New links work either way.
   * @default true
   */
  readonly recover?: boolean
}

/** A network in memory, and the switches to break it. */
export interface TestNetwork {
  /** Give this to `createPeer(id, { transport })`. */
  readonly transport: Transport
  /** Breaks the path between two ids until {@link TestNetwork.heal}: live links, and new dials. Returns its undo. */
  cut(a: string, b: string, options?: CutOptions): () => void
  /** Mends the path between two ids. */
  heal(a: string, b: string): void
  /** Ms from one end to the other, from now on. */
  delay(ms: number): void
  /** Bytes per second per link and direction, from now on; null for as fast as the machine. */
  rate(bytesPerSecond: number | null): void
  /** Dials to this id fail with `PEER_UNAVAILABLE`, as if it were not registered. Returns its undo. */
  refuse(id: string): () => void
  /** Takes the signalling server down or up. Live links carry on. */
  signalling(state: 'up' | 'down'): void
  /** The device dies without a word: the others hear nothing more, and its id is free at once. */
  kill(id: string): void
  /** Puts somebody between two ids: new links show the certificates of that one. Returns its undo. */
  intercept(a: string, b: string): () => void
}

/** Bytes per ms of a link whose rate is not limited: large, and yet its buffer fills and drains in order. */
const unlimited = 1_000_000

const perMillisecond = (bytesPerSecond: number | null): number =>
  bytesPerSecond === null ? unlimited : bytesPerSecond / 1000

/**
 * A network in memory for tests: peers on it behave like real ones, because all of them but the link is real.
 * Messages arrive in later tasks, in order, as copies; faults come when you say so.
 *
 * @example
 * const net = createTestNetwork()
 * const nas = createPeer('nas', { transport: net.transport, accept: 'anyone' })
 * const laptop = createPeer('laptop', { transport: net.transport })
 * net.cut('nas', 'laptop') // … and what does the page show now?
 */
export const createTestNetwork = (options: TestNetworkOptions = {}): TestNetwork => {
  const clock = options.clock ?? systemClock
  const path = { delay: options.delay ?? 0, rate: perMillisecond(options.rate ?? null) }
  const { maxMessageSize = 262_144, route = 'direct' } = options
  const board = new Switchboard(clock, path, { maxMessageSize, route })

  const heal = (a: string, b: string): void => board.heal(a, b)

  const added = (set: Set<string>, item: string): (() => void) => {
    set.add(item)
    return () => set.delete(item)
  }

  const transport: Transport = {
    clock,
    isSupported: () => true,
    createStream: emptyStream,
    join(id, _options, events) {
      const signalling = new TestSignalling(board, id, events)
      board.signallings.add(signalling)
      return signalling
    },
  }

  return {
    // Nothing may load late under fake timers, which cannot flush an import.
    transport: carryEngine(transport),
    cut(a, b, { silent = false, recover = true } = {}) {
      board.cut(a, b, silent, recover)
      return () => heal(a, b)
    },
    heal,
    delay: (ms) =>
      board.retime(() => {
        path.delay = ms
      }),
    rate: (bytesPerSecond) =>
      board.retime(() => {
        path.rate = perMillisecond(bytesPerSecond)
      }),
    refuse: (id) => added(board.refused, id),
    signalling(state) {
      board.isUp = state === 'up'
      for (const signalling of [...board.signallings]) {
        if (board.isUp) signalling.retry()
        else signalling.lose()
      }
    },
    kill: (id) => board.kill(id),
    intercept: (a, b) => added(board.intercepted, board.pair(a, b)),
  }
}
