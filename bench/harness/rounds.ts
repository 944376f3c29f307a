import { median } from './statistics'

/** What was measured of one contestant, a figure for each round. */
export type Series = readonly number[]

/** Ms for one turn: the slowest takes a tenth. Somebody whose transfer got stuck must not hold up the run for ever. */
const longestTurn = 120_000

/** @throws Error naming who did not finish */
async function withinTime(name: string, turn: () => Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `${name} did not finish its turn within ${longestTurn / 1000} s.`
    timer = setTimeout(() => reject(new Error(message)), longestTurn)
  })
  try {
    return await Promise.race([turn(), late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Lets the contestants take turns (A B A B …), so that whatever else the machine does falls on all of them alike.
 * A first round is not counted: engines compile while they run.
 *
 * @param before called before every turn
 * @throws Error naming who did not finish a turn
 */
export async function inTurn<Name extends string>(
  rounds: number,
  turns: Readonly<Record<Name, () => Promise<number>>>,
  before: () => Promise<void> = async () => {},
): Promise<Record<Name, Series>> {
  const names = Object.keys(turns) as Name[]
  const series = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      await before()
      const figure = await withinTime(name, turns[name])
      if (round > 0) series[name].push(figure)
    }
  }
  return series
}

/** The medians of all series. */
export function medians<Name extends string>(series: Readonly<Record<Name, Series>>): Record<Name, number> {
  const entries = Object.entries<Series>(series).map(([name, figures]) => [name, median(figures)])
  return Object.fromEntries(entries) as Record<Name, number>
}
