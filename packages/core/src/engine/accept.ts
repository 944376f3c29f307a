import type { Clock } from '../base/clock'
import { NanopeerError } from '../base/errors'
import type { Accept, Remote } from '../base/types'
import type { PeerHost } from '../engine'

/** Ms an async `accept` may take, after which the remote is refused. */
const decisionTimeout = 30_000
/** The dialler is asked for more time this often, ms. */
const waitInterval = 5000

/** Whether our handlers serve this remote. Closed by default: ids can be guessed. */
const decide = async (
  accept: Accept | undefined,
  remote: Remote,
  keys: readonly string[],
  clock: Clock,
  wait: () => void = () => {},
): Promise<boolean> => {
  if (accept === undefined) return remote.authenticated
  if (accept === 'anyone') return true
  // A key that has replaced a listed one is as good: that one has signed it.
  if (typeof accept !== 'function') return [remote.id, ...keys].some((name) => accept.includes(name))
  const verdict = accept(remote)
  if (typeof verdict === 'boolean') return verdict
  // Whatever it is, it is waited for: without types it may be neither.
  return inTime(Promise.resolve(verdict), clock, wait)
}

const inTime = (verdict: Promise<boolean>, clock: Clock, wait: () => void): Promise<boolean> =>
  new Promise((resolve, reject) => {
    wait()
    let stopWait = clock.after(waitInterval, again)
    function again() {
      wait()
      stopWait = clock.after(waitInterval, again)
    }
    const stopDecision = clock.after(decisionTimeout, () => {
      stopWait()
      resolve(false)
    })
    const settle = () => {
      stopWait()
      stopDecision()
    }
    verdict.then(
      (accepted) => {
        settle()
        resolve(accepted === true)
      },
      (error) => {
        settle()
        reject(error)
      },
    )
  })

/**
 * As {@link decide}; an `accept` that throws has not said yes.
 *
 * @param keys that the remote has proved: its own, and those that this one replaces
 */
export const decideSafely = async (
  accept: Accept | undefined,
  remote: Remote,
  keys: readonly string[],
  clock: Clock,
  report: PeerHost['report'],
  wait?: () => void,
): Promise<boolean> => {
  try {
    return await decide(accept, remote, keys, clock, wait)
  } catch (error) {
    report(error, { remoteId: remote.id })
    return false
  }
}

export const refused = (): NanopeerError =>
  new NanopeerError(
    'REFUSED',
    'The device does not accept this id; its `accept`, `secret` or `known` must allow it.',
  )
