import type { ActionView, Connection, RunActionLike, RunOptions } from '@nanopeer/core/adapter'
import { createActionViews } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * Runs an action of any kind when told to, and shows the latest run. Runs do not cancel each other, and go on after
 * an unmount.
 *
 * @param connection null means "not yet": a run then rejects with `INVALID_INPUT`.
 * @param options functions that hear of every run.
 * @example
 * const upload = useAction(() => nas.connection, writeFile)
 * // <input type="file" onchange={(event) => upload.run({ path: '/' }, { body: event.currentTarget.files?.[0] })}>
 */
export function useAction<A extends RunActionLike>(
  connection: MaybeGetter<Connection | null | undefined>,
  action: A,
  options?: MaybeGetter<RunOptions<A> | undefined>,
): ActionView<A> {
  return useView(createActionViews<A>, connection, action, options)
}
