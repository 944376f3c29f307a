import type { Connection, RequestError } from '@nanopeer/core'
import { useConnection, useStore } from '@nanopeer/react'
import { $now } from '../shared/now'
import { describeAway } from '../shared/status'
import { Icon } from './Icon'

interface AwayProps {
  connection: Connection | null
  /** Why the folder could not be listed. */
  error: RequestError | null
  /** Whether the device has answered before. */
  isKnown: boolean
  onRetry: () => void
}

/** What is wrong, and a button to try again. */
export function Away({ connection, error, isKnown, onRetry }: AwayProps) {
  const { status: state, error: lost, retryAt, reconnect } = useConnection(connection)
  const now = useStore($now)
  const away = describeAway({ state, error: lost ?? error, retryAt, isKnown, now })

  if (away) {
    return (
      <div className="message" role="alert" data-tone={away.tone}>
        <Icon name="away" />
        <p className="words">
          <b>{away.title}</b>
          <span>{away.text} </span>
          <span aria-live="off">{away.next}</span>
        </p>
        <button type="button" onClick={reconnect}>
          Retry
        </button>
      </div>
    )
  }
  if (error?.name === 'ActionError') {
    return (
      <div className="message" role="alert" data-tone="bad">
        <Icon name="warning" />
        <p className="words">
          <b>This folder cannot be shown.</b>
          <span>{error.message}</span>
        </p>
        <button type="button" onClick={onRetry}>
          Retry
        </button>
      </div>
    )
  }
  return null
}
