import type { Connection, PendingRequest } from '../base/types'
import { createView, nothing, peek, remember, type Views } from './view'

/** What `useRequests` gives. */
export interface RequestsView {
  /** In flight now, oldest first. */
  readonly requests: readonly PendingRequest[]
}

/** A connection, or null for "not yet". */
export type RequestsArguments = readonly [connection: Connection | null | undefined]

const none: RequestsView = { requests: [] }

/** What stands behind `useRequests`. */
export function createRequestsViews(): Views<RequestsArguments, RequestsView> {
  return remember<RequestsArguments, null, RequestsView>(
    (connection) => [connection ?? null],
    (_shown, connection) => {
      if (!connection) return nothing(none)
      const now = () => ({ requests: peek(connection.$requests) })
      return { subject: null, $view: createView([connection.$requests], none, now) }
    },
  )
}
