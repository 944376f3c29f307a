import type { Clock } from '../../base/clock'

export interface LivenessOptions {
  readonly clock: Clock
  /** Sends the probe; the server returns it to the same socket. */
  send(nonce: string): void
  /** The probe came back: the server has this socket under our id. */
  alive(): void
  /** Nothing came back: the socket is half open, or the server gave our id to another socket. */
  dead(): void
  /** How long a probe may take, in ms. @default 5000 */
  readonly patience?: number
}

export interface Liveness {
  /** Begins with a new socket, probing at once. */
  start(): void
  /** The server of this socket takes probes for heartbeats: they may be rarer, and nothing else need be sent. */
  relax(): void
  /** A probe came back with this nonce. */
  echoed(nonce: unknown): void
  /** Probes now, unless a probe is out already: the page came back, the network changed, somebody is dialled. */
  probe(): void
  stop(): void
}

/** Quiet time between probes, in ms. */
const interval = 10_000
/** The same where a probe is a heartbeat as well: proxies cut a silent socket after 60 s. */
const relaxedInterval = 25_000

/** A timer this much behind its time, in ms, ran in a sleeping or throttled page: it proves nothing. */
const lateness = 1000

/**
 * Watches one signalling socket. PeerJS's heartbeat is never answered, so a half-open socket would stay `open` for
 * ever; a LEAVE addressed to ourselves comes straight back on an unmodified PeerServer and proves both directions.
 */
export const createLiveness = ({ clock, send, alive, dead, patience = 5_000 }: LivenessOptions): Liveness => {
  let generation = 0
  let running = false
  let answers = false
  // Two sockets in a row without a single echo: this is a server that returns none, and silence proves nothing.
  let isMute = false
  let isRelaxed = false
  /** Whether a probe is out. Another would only put off the judgement. */
  let isAsked = false
  let cancel = () => {}

  const nonce = () => `nanopeer-${generation}`

  const ask = () => {
    cancel()
    isAsked = true
    const sent = clock.now()
    cancel = clock.after(patience, () => {
      if (clock.now() - sent > patience + lateness) return ask()
      if (isMute) return later()
      isMute = !answers && generation > 1
      dead()
    })
    send(nonce())
  }

  const later = () => {
    cancel()
    isAsked = false
    cancel = clock.after(isRelaxed ? relaxedInterval : interval, ask)
  }

  return {
    start() {
      generation += 1
      running = true
      isRelaxed = false
      ask()
    },
    relax() {
      isRelaxed = true
    },
    echoed(given) {
      if (!running || given !== nonce()) return
      answers = true
      isMute = false
      later()
      alive()
    },
    probe() {
      if (running && !isAsked) ask()
    },
    stop() {
      running = false
      isAsked = false
      cancel()
    },
  }
}
