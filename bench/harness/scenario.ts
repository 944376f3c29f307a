import type { Bench } from './bench'

/** What a figure must be, where there is a target for it. */
export type Target = { readonly atMost: number } | { readonly atLeast: number }

/** One number of a result. */
export interface Figure {
  /** Tells the figures of one result apart, such as `p95`; absent where there is only one. */
  readonly name?: string
  readonly value: number
  /** Such as `×` for a ratio, `ms`, `MiB`. */
  readonly unit: string
  readonly target?: Target
}

/** What was found out under one key. */
export interface Result {
  readonly key: string
  /** What was measured, in words. */
  readonly title: string
  readonly figures: readonly Figure[]
  /**
   * The same run's A/A ratio: what was measured against, divided by itself, taken in the same turns. 1 where the
   * figure is not a matter of time (a size, a count).
   */
  readonly aa: number
  /** What the ratio was made of, by contestant. */
  readonly medians?: Readonly<Record<string, number>>
  /** The unit of the medians. */
  readonly unit?: string
  /** What a reader must know to judge the figure. */
  readonly note?: string
}

/** Measures one thing, or a few that are measured together. To add one: write it, and list it in `scenarios/index.ts`. */
export interface Scenario {
  readonly keys: readonly string[]
  run(bench: Bench): Promise<readonly Result[]>
}

/** `met`, `missed`, or `within` the spread that the run itself has: then nothing can be said. */
export type Verdict = 'met' | 'within spread' | 'missed'

/** A target counts as missed only outside the run's own spread. Null where there is no target. */
export function judge({ value, target }: Figure, aa: number): Verdict | null {
  if (!target) return null
  const excess = 'atMost' in target ? value / target.atMost : target.atLeast / value
  if (excess <= 1) return 'met'
  return excess <= Math.max(aa, 1 / aa) ? 'within spread' : 'missed'
}
