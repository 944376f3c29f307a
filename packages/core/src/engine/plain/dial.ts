import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { DialOptions, PlainChannel } from '../../base/transport'

/**
 * Dials a plain remote within a deadline.
 *
 * Rejects as `Signalling.dialPlain` does, with `TIMEOUT`, or with the signal's reason.
 */
export const dialInTime = async (
  clock: Clock,
  timeout: number,
  remoteId: string,
  dial: (remoteId: string, options: DialOptions) => Promise<PlainChannel>,
  { metadata, signal }: DialOptions,
): Promise<PlainChannel> => {
  const dialling = new AbortController()
  const giveUp = () => dialling.abort(signal.reason)
  signal.addEventListener('abort', giveUp)
  if (signal.aborted) giveUp()
  const stopDeadline = clock.after(timeout, () => {
    const message = `No link to ${JSON.stringify(remoteId)} within ${timeout} ms.`
    dialling.abort(new NanopeerError('TIMEOUT', message))
  })
  try {
    return await dial(remoteId, { metadata, signal: dialling.signal })
  } finally {
    stopDeadline()
    signal.removeEventListener('abort', giveUp)
  }
}
