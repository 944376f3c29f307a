import type { ActionView, Connection, RunActionLike, RunOptions } from '@nanopeer/core/adapter'
import { createActionViews } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Runs an action of any kind when told to, and shows the latest run. Runs do not cancel each other, and go on after
 * an unmount.
 *
 * @param connection null means "not yet": a run then rejects with `INVALID_INPUT`.
 * @param options functions that hear of every run; those of the latest render are called.
 * @example
 * const { run, isPending, progress, abort } = useAction(connection, writeFile)
 * return <input type="file" onChange={({ target }) => run({ path: '/' }, { body: target.files?.[0] })} />
 */
export function useAction<A extends RunActionLike>(
  connection: Connection | null | undefined,
  action: A,
  options?: RunOptions<A>,
): ActionView<A> {
  return useView(createActionViews<A>, connection, action, options)
}
