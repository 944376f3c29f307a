/** What the command line asks for. */
export interface Options {
  /** Prints the results as JSON, and nothing else. */
  readonly json: boolean
  readonly quick: boolean
  /** Keeps what was measured, as a whole run always is: in `history/` and, where it was not quick, in `results.json`. */
  readonly record: boolean
  /** Only scenarios with one of these keys, or with keys that begin so (`stream`); empty for all. */
  readonly only: readonly string[]
}

/** @throws Error for an option that does not exist. */
export function parseOptions(given: readonly string[]): Options {
  const left = [...given]
  let json = false
  let quick = false
  let record = false
  let only: string[] = []
  for (let option = left.shift(); option !== undefined; option = left.shift()) {
    if (option === '--json') json = true
    else if (option === '--quick') quick = true
    else if (option === '--record') record = true
    else if (option === '--only') only = (left.shift() ?? '').split(',')
    else
      throw new Error(
        `There is no option ${option}: there are --quick, --json, --record and --only key[,key].`,
      )
  }
  return { json, quick, record, only }
}

/** Whether a scenario with these keys is asked for. */
export const isWanted = (keys: readonly string[], only: readonly string[]): boolean =>
  only.length === 0 ||
  keys.some((key) => only.some((wanted) => key === wanted || key.startsWith(`${wanted}.`)))
