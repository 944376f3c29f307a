import type { RequestError } from '@nanopeer/core'

interface Watched {
  readonly status: 'idle' | 'pending' | 'active' | 'ended' | 'error'
  readonly error: RequestError | null
  readonly isPaused: boolean
}

/** What is said beside the picture. */
export const describeCamera = ({ status, error, isPaused }: Watched): string => {
  if (isPaused) return 'the picture stands: the connection is lost'
  if (error) return error.message
  return { idle: 'off', pending: 'waiting for the camera', active: 'live', ended: 'ended', error: '' }[status]
}
