import type { NanopeerEvent } from '@nanopeer/core'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** What happened at the device, in words; null for what only repeats something else. */
export function sayEvent(event: NanopeerEvent): string | null {
  const { remoteId } = event
  switch (event.type) {
    case 'session-began':
      return `${remoteId} is here`
    case 'link-down':
      return event.code === null ? null : `link to ${remoteId} lost`
    case 'session-resumed':
      return `${remoteId} is back after ${seconds(event.duration)}; nothing was lost`
    case 'request-started':
      return event.direction === 'in' ? `${remoteId} asks ${event.action}` : null
    case 'request-ended':
      return event.direction === 'in'
        ? `${event.action}: ${sayEnd(event.code)} in ${seconds(event.duration)}`
        : null
    case 'refused':
      return `${remoteId} is refused`
    default:
      return null
  }
}

const sayEnd = (code: string | number | null): string => {
  if (code === null) return 'done'
  return code === 'ABORTED' ? 'given up' : `failed (${code})`
}
