import { createRunner, idleRun, type Runner, type RunState } from '../request/runner'
import type { ActionLike, AnswerOf, Connection } from '../types'
import { commitNothing, createView, remember, type Views } from './view'

/** What `useAction` gives. All functions are stable, and act on the connection of now. */
export type ActionView<A extends ActionLike = ActionLike> = RunState<AnswerOf<A>> &
  Pick<Runner<A>, 'run' | 'abort' | 'reset'>

/** What `useAction` is called with. */
export type ActionArguments<A extends ActionLike> = readonly [
  connection: Connection | null | undefined,
  action: A,
]

/** What stands behind `useAction`. */
export function createActionViews<A extends ActionLike>(): Views<ActionArguments<A>, ActionView<A>> {
  // Whoever has these functions got them from a view, so there is a runner.
  const runner = () => current() as Runner<A>
  const functions: Pick<Runner<A>, 'run' | 'abort' | 'reset'> = {
    run: (...given) => runner().run(...given),
    abort: () => runner().abort(),
    reset: () => runner().reset(),
  }
  const { view, current } = remember<ActionArguments<A>, Runner<A>, ActionView<A>>(
    (connection, action) => [connection ?? null, action],
    (_shown, connection, action) => {
      const made = createRunner(connection ?? null, action)
      // The connection's status is listened to because that holds it.
      const sources = connection ? [made.$state, connection.$status] : [made.$state]
      const now = () => ({ ...made.$state.value, ...functions })
      return { subject: made, $view: createView(sources, { ...idleRun, ...functions }, now) }
    },
  )
  return { view, commit: commitNothing }
}
