import { expect, test } from 'vitest'

const { SEED, SEEDS } = process.env
const first = Number(SEED ?? 1)

/** A failure is reported with the first few seeds: more say nothing new. */
const reported = 3

/**
 * A test of ten thousand seeds. `SEEDS` tries another number of them, `SEED` replays one; both together try so many from
 * that one on.
 *
 * @param usual how many, where they take longer than a few ms each
 * @param isSingle whether one seed is replayed, which is to say more of what it does
 */
export function testSeeds(
  sentence: string,
  run: (seed: number, isSingle: boolean) => Promise<void>,
  {
    regressions = [],
    usual = 10_000,
  }: { readonly regressions?: readonly number[]; readonly usual?: number } = {},
): void {
  const count = Number(SEEDS ?? (SEED === undefined ? usual : 1))
  test(`${sentence} (${count} seeds)`, { timeout: 60_000 + count * 500 }, async () => {
    const failed: string[] = []
    const more = SEED === undefined ? regressions : []
    for (let index = -more.length; index < count && failed.length < reported; index++) {
      const seed = index < 0 ? (more.at(index) as number) : first + index
      await run(seed, count === 1).catch((error: Error) => failed.push(error.message))
    }
    expect(failed.join('\n\n')).toBe('')
  })
}
