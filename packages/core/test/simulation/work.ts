import type { Random } from './random'
import type { Weather } from './simulation'

/** Something that one side does. */
export interface Work {
  readonly kind: 'echo' | 'download' | 'upload' | 'events' | 'messages'
  readonly key: string
  /** Who does it: 0 or 1. */
  readonly side: number
  /** Ms from the start. */
  readonly at: number
  /** Bytes, events or messages. */
  readonly size: number
  /** Ms that the handler, or the reader now and then, takes. */
  readonly pause: number
  /** Ms after which it is cancelled; null for never. */
  readonly cancelAfter: number | null
  readonly cancelBy: 'signal' | 'reader'
  readonly retry: boolean
}

const kinds = ['echo', 'echo', 'echo', 'download', 'upload', 'events', 'messages'] as const

const planOne = (random: Random, weather: Weather, index: number): Work => {
  const kind = random.pick(kinds)
  const isBytes = kind === 'download' || kind === 'upload'
  return {
    kind,
    key: `${kind}-${index}`,
    side: random.between(0, 1),
    at: random.next() * weather.span,
    size: isBytes ? random.skewed(600_000) : kind === 'echo' ? random.skewed(40_000) : random.skewed(60),
    pause: random.chance(0.5) ? 0 : random.skewed(1000),
    cancelAfter: random.chance(0.2) ? random.next() * weather.span : null,
    cancelBy: random.pick(['signal', 'reader']),
    retry: kind === 'echo' && random.chance(0.3),
  }
}

export const planWork = (random: Random, weather: Weather): Work[] =>
  Array.from({ length: random.between(1, 8) }, (_, index) => planOne(random, weather, index))
