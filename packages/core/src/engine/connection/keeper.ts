import type { Figures } from '../../connection/stats'
import type { NanopeerError } from '../../errors'
import type { OutgoingRequest, OutgoingRequestEvents } from '../rpc/outgoing-call'

/** One attempt of a request, wherever it goes. */
export interface Exchange {
  /** Settles exactly once: with the value, the `Response`, the iterable, or the error. */
  readonly answer: Promise<unknown>
  /** The asker gives up: the reader gets `error` at once. */
  cancel(error: NanopeerError): void
}

/** What a conversation holds for its remote. */
export interface KeeperCensus {
  readonly streams: number
  readonly running: number
  readonly inputs: number
  readonly fragments: number
  readonly unread: number
  readonly frames: number
  /** Bytes of messages that wait for their turn; a plain channel has none. */
  readonly waiting?: number
}

/** Keeps what a connection talks over: a session that outlives its links, or one plain PeerJS channel at a time. */
export interface Keeper {
  readonly isLinked: boolean
  /** There is something to talk over, or there will be again without a word lost. */
  readonly isOn: boolean
  /** The remote dialled it: it is theirs to keep or to close. */
  readonly inbound: boolean
  /** Requests and streams that are not finished, in either direction. */
  readonly size: number
  readonly figures: Figures
  /** What it holds; for `census.ts`. */
  readonly census: KeeperCensus | null
  /** `again`: a second attempt, which waits for the next dial that is due. */
  ask(ask: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange
  /** Sends a plain message, encoded as a value. */
  send(payload: Uint8Array): Promise<void>
  /** Measures the round trip anew. */
  ping(): void
  /** Nothing waits for its timer: the page or the network came back, or somebody has a request. */
  wake(): void
  dialIfWanted(): void
  /** Ends what was not authenticated with the secret that is set now: nothing more is said to whoever is there. */
  dropUnproven(): void
  startDialling(): void
  /** Drains, says goodbye, closes. Everything pending rejects with `error`. */
  shut(error: NanopeerError): Promise<void>
  /** The page is going away; it may come back from the back/forward cache. */
  leave(): void
}
