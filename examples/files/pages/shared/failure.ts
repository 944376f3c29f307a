import type { RequestError } from '@nanopeer/core'

/** An upload that did not succeed, as the page tells it. */
export interface Failure {
  readonly id: number
  readonly title: string
  readonly text: string
}

let count = 0

/** What to tell of an upload that failed. */
export const failureOf = (name: string, error: unknown): Failure => ({
  id: count++,
  title: `${name} was not uploaded.`,
  text: error instanceof Error ? error.message : String(error),
})

/** What to show of a failed run; '' for one that the person has cancelled. */
export const describeFailure = (error: RequestError | null): string =>
  error === null || isCancelled(error) ? '' : error.message

/** True when somebody pressed Cancel. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NanopeerError' && 'code' in error && error.code === 'ABORTED'
