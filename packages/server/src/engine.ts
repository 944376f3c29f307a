import type { Logger } from './logger'
import type { Message } from './protocol/messages'

/** Whom an id belongs to, and since which claim. Of two nodes that believe they hold an id, the higher generation does. */
export interface Holding {
  readonly id: string
  readonly owner: string
  readonly generation: number
}

/** What came of a claim. */
export type Claim =
  /** The id is this node's. What was waiting for it comes along, in order, as frames. */
  | { readonly state: 'granted'; readonly generation: number; readonly waiting: readonly string[] }
  /** Somebody else holds it, or too many sockets of one owner take it from each other. */
  | { readonly state: 'taken' }
  /** It cannot be said now. */
  | { readonly state: 'unavailable' }

/** What an engine asks of the node that it serves. */
export interface EngineNode {
  readonly settings: EngineSettings
  readonly logger: Logger
  /** Hands a message to a client of this node. @returns false where there is none */
  deliver(message: Pick<Message, 'dst' | 'text'>): boolean
  /** The claim by which a client of this node holds an id; null where none does. */
  generationOf(id: string): number | null
  /** Ends the client that holds this id by an earlier claim than `generation`: the id is another's. */
  displace(id: string, generation: number): void
  /** Everybody registered on this node. */
  held(): Iterable<Holding>
}

/** What engines have in common. Times in ms. */
export interface EngineSettings {
  /** How long a message waits for a destination that is not there. */
  readonly expire: number
  /** How long a node counts as alive after its last sign. */
  readonly lease: number
  /** Messages that may wait for one destination. */
  readonly queued: number
}

/** Counters of an engine, since it started. */
export interface EngineCounts {
  /** Messages that went to a client of another node. */
  forwarded: number
  /** Messages that waited for a destination. */
  queued: number
  /** EXPIREs: what waited in vain, or found no place to wait. */
  expired: number
}

/**
 * Knows who holds which id, and brings messages to clients that are not on this node. {@link memoryEngine} is for one
 * node, {@link redisEngine} for several. Nothing here throws or rejects because of a client, or of a network.
 */
export interface Engine {
  readonly counts: EngineCounts
  /** Begins to serve a node, whether or not what it needs is there: see {@link Engine.isReady}. Rejects where it can never work. */
  start(node: EngineNode): Promise<void>
  /** Asks for an id in the name of an owner. */
  claim(id: string, owner: string): Promise<Claim>
  /** Gives an id back, unless somebody has claimed it since. */
  release(id: string, generation: number): void
  /** Brings a message to another node, or lets it wait; its source gets EXPIRE if nobody comes. */
  route(message: Message): void
  /** All ids that are registered, on any node. */
  ids(): Promise<readonly string[]>
  /** Whether it can answer claims. */
  isReady(): boolean
  /** Leaves: whatever this node still holds is free. */
  stop(): Promise<void>
}
