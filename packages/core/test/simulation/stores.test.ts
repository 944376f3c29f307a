import { expect, test } from 'vitest'
import { StoreSimulation } from './stores'

const { SEED, SEEDS } = process.env
const first = SEED === undefined ? 1 : Number(SEED)
const count = SEED === undefined ? Number(SEEDS ?? 1000) : 1

/** A failure is reported with the first few seeds: more say nothing new. */
const reported = 3

test(`all who show a device's store end on its last state, whatever happens between them (${count} seeds)`, {
  timeout: 60_000 + count * 100,
}, async () => {
  const failed: string[] = []
  for (let seed = first; seed < first + count && failed.length < reported; seed++) {
    await new StoreSimulation(seed).run().catch((error: Error) => failed.push(error.message))
  }
  expect(failed.join('\n\n')).toBe('')
})
