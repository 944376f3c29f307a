import type { AnswerOf, Connection, InputOf, RunActionLike } from '../base/types'
import { createRunner, idleRun, type Runner, type RunOptions, type RunState } from '../request/runner'
import { createView, remember, type Views } from './view'

/** What `useAction` gives. All functions are stable, and act on the connection of now. */
export type ActionView<A extends RunActionLike = RunActionLike> = RunState<AnswerOf<A>, InputOf<A>> &
  RunnerFunctions<A>

type RunnerFunctions<A extends RunActionLike> = Pick<Runner<A>, 'run' | 'tryRun' | 'abort' | 'reset'>

/** What `useAction` is called with. */
export type ActionArguments<A extends RunActionLike> = readonly [
  connection: Connection | null | undefined,
  action: A,
  options?: RunOptions<A>,
]

/** Of the same name and kind it is the same action, though it is made in every render. */
const nameOf = (action: RunActionLike): string =>
  typeof action === 'string' ? action : `${action.kind} ${action.name}`

/** What stands behind `useAction`. */
export function createActionViews<A extends RunActionLike>(): Views<ActionArguments<A>, ActionView<A>> {
  let latest: RunOptions<A> = {}
  // Whoever has these functions got them from a view, so there is a runner.
  const runner = () => views.current() as Runner<A>
  const functions: RunnerFunctions<A> = {
    run: (...given) => runner().run(...given),
    tryRun: (...given) => runner().tryRun(...given),
    abort: () => runner().abort(),
    reset: () => runner().reset(),
  }
  /** Those of before: a run goes on when another connection is shown, and is within reach again when its own is. */
  const runners = new WeakMap<Connection, Map<string, Runner<A>>>()
  const runnerOf = (connection: Connection | null, action: A): Runner<A> => {
    const name = nameOf(action)
    const known = connection && runners.get(connection)?.get(name)
    if (known) return known
    const made = createRunner(connection, action, () => latest)
    if (connection) runners.set(connection, (runners.get(connection) ?? new Map()).set(name, made))
    return made
  }
  const views = remember<ActionArguments<A>, Runner<A>, ActionView<A>>(
    (connection, action) => [connection ?? null, nameOf(action)],
    (_shown, connection, action) => {
      const made = runnerOf(connection ?? null, action)
      // The connection's status is listened to because that holds it.
      const sources = connection ? [made.$state, connection.$status] : [made.$state]
      const now = () => ({ ...made.$state.value, ...functions })
      return { subject: made, $view: createView(sources, { ...idleRun, ...functions }, now) }
    },
  )
  const commit = (...[, , options]: ActionArguments<A>) => {
    latest = options ?? {}
  }
  return { ...views, commit }
}
