import type { RequestError } from '../base/errors'
import type { Connection } from '../base/types'
import { connectionControllerOf } from '../connection/controller'

/** Runs something again in each new session of a connection: the device has restarted and knows nothing of us. */
export interface Rerun {
  /** An attempt begins. */
  started(): void
  /** An attempt failed. */
  failed(error: RequestError): void
  stop(): void
}

/**
 * @param isRunning an attempt is under way: it belongs to the new session, unless it fails as lost with the old one.
 * @param run begins an attempt; never called while one is under way.
 */
export function rerunOnNewSession(connection: Connection, isRunning: () => boolean, run: () => void): Rerun {
  let began = false
  const stop = connectionControllerOf(connection).onSession(() => {
    if (isRunning()) began = true
    else run()
  })
  return {
    started() {
      began = false
    },
    // A rejection arrives a microtask after the session that caused it may already have been replaced.
    failed(error) {
      if (began && error.name === 'NanopeerError' && error.code === 'CONNECTION_LOST') run()
    },
    stop,
  }
}
