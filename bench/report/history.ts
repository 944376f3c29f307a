import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { Result } from '../harness/scenario'

/** One run's figures under one key: ratios of runs may be compared, milliseconds may not. */
export interface Run {
  readonly date: string
  /** The commit that was measured, short. */
  readonly commit: string
  readonly quick: boolean
  /** The run's own spread: a difference within it says nothing. */
  readonly aa: number
  readonly value: Readonly<Record<string, number>>
}

const rounded = (value: number): number => Number(value.toPrecision(4))

/** What a result adds to the history of its key. */
const runOf = ({ figures, aa }: Result, about: Pick<Run, 'date' | 'commit' | 'quick'>): Run => ({
  ...about,
  aa: rounded(aa),
  value: Object.fromEntries(figures.map(({ name, value }) => [name ?? 'value', rounded(value)])),
})

/** Adds each result to `<key>.json` in the folder: a line a run, so that a regression is a line of a diff. */
export async function record(
  folder: URL,
  results: readonly Result[],
  about: Pick<Run, 'date' | 'commit' | 'quick'>,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const result of results) {
    const runs = [...(await readRuns(folder, result.key)), runOf(result, about)]
    const lines = runs.map((run) => `  ${JSON.stringify(run)}`).join(',\n')
    await writeFile(fileOf(folder, result.key), `[\n${lines}\n]\n`)
  }
}

/** The runs that were recorded under a key, oldest first. */
export async function readRuns(folder: URL, key: string): Promise<readonly Run[]> {
  try {
    return JSON.parse(await readFile(fileOf(folder, key), 'utf8')) as readonly Run[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const fileOf = (folder: URL, key: string): URL => new URL(`${key}.json`, folder)
