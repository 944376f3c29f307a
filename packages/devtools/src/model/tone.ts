import type { ConnectionStatus, PeerStatus } from '@nanopeer/core'

/** How a state is shown: never by its colour alone, its name stands beside it. */
export type Tone = 'good' | 'busy' | 'bad' | 'quiet'

const tones: Readonly<Record<ConnectionStatus['state'] | PeerStatus['state'], Tone>> = {
  idle: 'quiet',
  connecting: 'busy',
  open: 'good',
  unstable: 'busy',
  reconnecting: 'busy',
  disconnected: 'bad',
  closed: 'quiet',
  destroyed: 'quiet',
}

/** A closed connection is at rest, unless something has closed it. */
export const toneOf = ({ state, error }: Pick<ConnectionStatus | PeerStatus, 'state' | 'error'>): Tone =>
  state === 'closed' && error ? 'bad' : tones[state]
