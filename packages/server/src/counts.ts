import type { CloseReason } from './clients/client'

/** Why a socket did not become a client. */
export type Refusal =
  | 'draining'
  | 'rate'
  | 'origin'
  | 'address'
  | 'parameters'
  | 'key'
  | 'id'
  | 'unauthorized'
  | 'pairing'
  | 'clients'
  | 'taken'
  | 'unavailable'
  | 'early'

/** What happened on this node since it started. Plain numbers: the hot path only adds to them. */
export interface Counts {
  registered: number
  /** Messages that came from clients of this node. */
  received: number
  /** Of those, the ones that were for a client of this node. */
  relayed: number
  /** Messages that were not sent to a client of this node, as too much waited for it. */
  dropped: number
  /** Times a client was made to wait because it sent too much. */
  paused: number
  readonly refused: Map<Refusal, number>
  readonly closed: Map<CloseReason, number>
}

export const createCounts = (): Counts => ({
  registered: 0,
  received: 0,
  relayed: 0,
  dropped: 0,
  paused: 0,
  refused: new Map(),
  closed: new Map(),
})

/** Adds one under a name. */
export const countOne = <Name>(counts: Map<Name, number>, name: Name): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
