import { expect, test } from 'vitest'
import { Simulation } from './simulation'

const { SEED, SEEDS } = process.env
const first = SEED === undefined ? 1 : Number(SEED)
const count = SEED === undefined ? Number(SEEDS ?? 10_000) : 1

/** Seeds beyond the usual ones that failed once. */
const regressions = [
  // A restarted device's HELLO waits for a second at the other one, which dials meanwhile: what it says is old by then.
  157_823,
]

/** A failure is reported with the first few seeds: more say nothing new. */
const reported = 3

test(`two peers lose nothing and do nothing twice, whatever happens to the links between them (${count} seeds)`, {
  timeout: 60_000 + count * 100,
}, async () => {
  const failed: string[] = []
  const replay = async (seed: number) => {
    await new Simulation(seed, SEED !== undefined).run().catch((error: Error) => failed.push(error.message))
  }
  if (SEED === undefined) for (const seed of regressions) await replay(seed)
  for (let seed = first; seed < first + count && failed.length < reported; seed++) {
    await replay(seed)
  }
  expect(failed.join('\n\n')).toBe('')
})
