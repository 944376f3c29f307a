import type { ConnectionStatus, NanopeerError, PeerStatus } from '@nanopeer/core'

/** One status that a store showed, and when (epoch ms): all actors share the machine's clock. */
export interface Moment {
  readonly at: number
  readonly state: (ConnectionStatus | PeerStatus)['state']
  readonly link: number | null
  readonly error: Failure | null
}

/** An error as plain data. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly cause: unknown
}

/** What an attempt came to, with the ms that it took. */
export type Outcome<Value> =
  | { readonly value: Value; readonly failure: null; readonly took: number }
  | { readonly value: null; readonly failure: Failure; readonly took: number }

export const momentOf = (status: ConnectionStatus | PeerStatus): Moment => ({
  at: Date.now(),
  state: status.state,
  link: 'link' in status ? status.link : null,
  error: status.error && failureOf(status.error),
})

export const failureOf = (error: unknown): Failure => {
  const { code, message, cause } = error as NanopeerError
  return { code: String(code ?? 'UNKNOWN'), message, cause: plain(cause) }
}

/** Errors do not survive JSON, and a cause is often one. */
const plain = (cause: unknown): unknown => (cause instanceof Error ? failureOf(cause) : (cause ?? null))

/** Never rejects. */
export const outcomeOf = async <Value>(attempt: Promise<Value>): Promise<Outcome<Value>> => {
  const begun = Date.now()
  try {
    return { value: await attempt, failure: null, took: Date.now() - begun }
  } catch (error) {
    return { value: null, failure: failureOf(error), took: Date.now() - begun }
  }
}
