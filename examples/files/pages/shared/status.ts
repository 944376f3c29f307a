import type { ConnectionStatus, PeerStatus, RequestError } from '@nanopeer/core'

/** How good or bad a state is: the colour of a badge. */
export type Tone = 'good' | 'busy' | 'bad'

/** The tone of a peer's or a connection's state. */
export const toneOf = (state: PeerStatus['state'] | ConnectionStatus['state']): Tone => {
  if (state === 'open') return 'good'
  return state === 'closed' || state === 'destroyed' ? 'bad' : 'busy'
}

/** What a page says while its device cannot be reached. */
export interface AwayMessage {
  readonly tone: Tone
  readonly title: string
  readonly text: string
}

/**
 * What to say about a connection; null while there is nothing to complain of.
 *
 * @param lastError why there was no link the last time, also while the next one is being dialled
 * @param now epoch ms
 */
export const describeAway = (
  state: ConnectionStatus['state'],
  lastError: RequestError | null,
  retryAt: number | null,
  now: number,
): AwayMessage | null => {
  if (state === 'reconnecting') {
    return {
      tone: 'busy',
      title: 'The connection to the device was lost.',
      text: `What was under way goes on as soon as it is back. ${countdown(retryAt, now)}`,
    }
  }
  if (state === 'closed' || (state === 'connecting' && lastError !== null)) {
    const reason = lastError?.message ?? 'The connection was closed.'
    const next = state === 'connecting' ? 'Trying now …' : countdown(retryAt, now)
    return { tone: 'bad', title: 'The device is away.', text: `${reason} ${next}` }
  }
  return null
}

const countdown = (retryAt: number | null, now: number): string => {
  if (retryAt === null) return ''
  const seconds = Math.ceil((retryAt - now) / 1000)
  return seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying now …'
}
