import { arch, cpus, platform } from 'node:os'
import { type Figure, judge, type Result } from '../harness/scenario'

/** Under one key of `results.json`. Results of several figures have them by name. */
export interface Entry {
  /** When, and at which commit. */
  readonly date: string
  readonly commit: string
  readonly title: string
  readonly value: number | Readonly<Record<string, number>>
  readonly unit: string | Readonly<Record<string, string>>
  readonly target: string | Readonly<Record<string, string>> | null
  readonly verdict: string | Readonly<Record<string, string>> | null
  /** What was measured against, divided by itself: the spread of this run. */
  readonly aa: number
  readonly medians?: Readonly<Record<string, number>>
  readonly mediansUnit?: string
  readonly note?: string
}

export type Entries = Readonly<Record<string, Entry | undefined>>

type When = Pick<Entry, 'date' | 'commit'>

/** What it was measured on. */
export const machineOf = (browser: string) => ({
  cpu: cpus()[0]?.model.trim(),
  cores: cpus().length,
  system: `${platform()} ${arch()}`,
  node: process.version,
  browser,
})

/** The results under their keys. */
export const entriesOf = (results: readonly Result[], when: When): Readonly<Record<string, Entry>> =>
  Object.fromEntries(results.map((result) => [result.key, entryOf(result, when)]))

function entryOf({ title, figures, aa, medians, unit, note }: Result, { date, commit }: When): Entry {
  return {
    date,
    commit,
    title,
    value: byName(figures, ({ value }) => rounded(value)) as Entry['value'],
    unit: byName(figures, (figure) => figure.unit) as Entry['unit'],
    target: byName(figures, targetOf) as Entry['target'],
    verdict: byName(figures, (figure) => judge(figure, aa)) as Entry['verdict'],
    aa: rounded(aa),
    ...(medians && { medians: mapValues(medians, rounded), mediansUnit: unit }),
    ...(note && { note }),
  }
}

const targetOf = ({ target }: Figure): string | null => {
  if (!target) return null
  return 'atMost' in target ? `<= ${target.atMost}` : `>= ${target.atLeast}`
}

/** One figure as it is, several by their names; what is null of several is left out. */
function byName<Value>(figures: readonly Figure[], of: (figure: Figure) => Value) {
  const [only] = figures
  if (only && figures.length === 1 && !only.name) return of(only)
  const named = figures.map((figure) => [figure.name ?? 'value', of(figure)] as const)
  return Object.fromEntries(named.filter(([, value]) => value !== null))
}

const rounded = (value: number): number => Number(value.toPrecision(4))

const mapValues = (record: Readonly<Record<string, number>>, of: (value: number) => number) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]))
