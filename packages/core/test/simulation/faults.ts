import type { CutOptions } from '../../testing'
import type { Random } from './random'
import type { Weather } from './simulation'

/** Something that goes wrong, `at` ms from the start, for `length` ms. */
export type Fault = { readonly at: number; readonly length: number } & (
  | { readonly kind: 'cut'; readonly options: CutOptions }
  | { readonly kind: 'signalling' }
  | { readonly kind: 'restart'; readonly side: number }
  | { readonly kind: 'reconnect'; readonly side: number }
)

const cuts: readonly CutOptions[] = [
  {},
  {},
  {},
  { silent: true },
  { silent: true, recover: false },
  { silent: 'a' },
  { silent: 'b' },
]

/** A cut, and for how long, ms. */
export const planCut = (random: Random): { readonly options: CutOptions; readonly length: number } => ({
  options: random.pick(cuts),
  length: random.pick([0, 0, random.skewed(500), random.skewed(12_000)]),
})

const planFault = (random: Random, weather: Weather): Fault => {
  const at = random.next() * weather.span * 1.5
  const side = random.between(0, 1)
  const length = random.pick([0, 0, random.skewed(500), random.skewed(12_000)])
  const draw = random.next()
  if (!weather.gentle && draw < 0.25) return { kind: 'restart', side, at, length: random.skewed(5000) }
  if (draw < 0.85) return { kind: 'cut', options: random.pick(cuts), at, length }
  if (draw < 0.95) return { kind: 'signalling', at, length }
  return { kind: 'reconnect', side, at, length: 0 }
}

/** What goes wrong in one run; nothing at all in a few. */
export const planFaults = (random: Random, weather: Weather): Fault[] =>
  Array.from({ length: random.between(0, 6) }, () => planFault(random, weather))
