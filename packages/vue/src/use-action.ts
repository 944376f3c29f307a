import type { ActionView, Connection, RunActionLike, RunOptions } from '@nanopeer/core/adapter'
import { createActionViews } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Refs, useView } from './use-view'

/**
 * Runs an action of any kind when told to, and shows the latest run. Runs do not cancel each other, and go on after
 * an unmount.
 *
 * @param connection null means "not yet": a run then rejects with `INVALID_INPUT`.
 * @param options functions that hear of every run.
 * @example
 * const { run, isPending, progress, abort } = useAction(connection, writeFile)
 * const upload = () => run({ path: '/notes.txt' }, { body: file })
 * // <template> <button :disabled="isPending" @click="upload">Upload</button>
 */
export function useAction<A extends RunActionLike>(
  connection: MaybeRefOrGetter<Connection | null | undefined>,
  action: A,
  options?: MaybeRefOrGetter<RunOptions<A> | undefined>,
): Refs<ActionView<A>> {
  return useView(createActionViews<A>, connection, action, options)
}
