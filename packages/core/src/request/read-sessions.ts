import type { RequestError } from '../base/errors'
import type { Connection } from '../base/types'
import { rerunOnNewSession } from './rerun'

/** What is read again in each session of a connection. */
export interface SessionReader {
  /** Whether an attempt is under way. */
  readonly isReading: boolean
  /** Begins an attempt; never called while one is under way. */
  run(): void
  stop(): void
}

export interface SessionReaderEvents {
  /** An attempt begins. */
  began(): void
  /** An attempt has ended by itself; `error`: why, where it has not come to its end. */
  ended(error: RequestError | null): void
  /** The connection's status is another one. */
  statusChanged?(): void
}

/** Reads a series in each session of a connection, from now on; holds the connection, also after the series has ended. */
export function readSessions(
  connection: Connection,
  read: (signal: AbortSignal) => Promise<void>,
  { began, ended, statusChanged = () => {} }: SessionReaderEvents,
): SessionReader {
  let attempt: AbortController | null = null
  const run = () => {
    attempt = new AbortController()
    const { signal } = attempt
    rerun.started()
    began()
    const over = (error: RequestError | null) => {
      if (signal.aborted) return
      attempt = null
      ended(error)
      if (error) rerun.failed(error)
    }
    read(signal).then(() => over(null), over)
  }
  const rerun = rerunOnNewSession(connection, () => attempt !== null, run)
  const unfollow = connection.$status.listen(statusChanged)
  run()
  return {
    get isReading() {
      return attempt !== null
    },
    run,
    stop() {
      unfollow()
      rerun.stop()
      attempt?.abort()
      attempt = null
    },
  }
}
