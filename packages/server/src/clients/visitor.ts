/** Somebody with an open socket who wants to be a client. */
export interface Visitor {
  readonly id: string
  /** Never to be logged. */
  readonly token: string
  readonly key: string
  readonly origin: string | undefined
  readonly address: string
}
