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
  /** When it is tried again; it changes every second, so it is to be seen and not to be read out. */
  readonly next: string
}

/** What is known of a connection that may be away. */
export interface Reachability {
  readonly state: ConnectionStatus['state']
  /** Why there was no link the last time, also while the next one is being dialled. */
  readonly error: RequestError | null
  /** Epoch ms. */
  readonly retryAt: number | null
  /** Whether the device has answered before. */
  readonly isKnown: boolean
  /** Epoch ms. */
  readonly now: number
}

/** What to say about a connection; null while there is nothing to complain of. */
export const describeAway = ({ state, error, retryAt, isKnown, now }: Reachability): AwayMessage | null => {
  switch (state) {
    case 'unstable':
      return {
        tone: 'busy',
        title: 'The device does not answer.',
        text: 'Nothing has been heard of it for a moment.',
        next: 'Trying to reach it …',
      }
    case 'reconnecting':
      return {
        tone: 'busy',
        title: 'The connection to the device was lost.',
        text: 'What was under way goes on as soon as it is back.',
        next: countdown(retryAt, now),
      }
    case 'closed':
      return away(error, countdown(retryAt, now))
    case 'connecting':
      // The first time is no reason for a message: the list says that it loads.
      return error !== null || isKnown ? away(error, 'Trying now …') : null
    default:
      return null
  }
}

const away = (error: RequestError | null, next: string): AwayMessage => ({
  tone: 'bad',
  title: 'The device is away.',
  text: error?.message ?? '',
  next,
})

const countdown = (retryAt: number | null, now: number): string => {
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000)
  return seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying now …'
}
