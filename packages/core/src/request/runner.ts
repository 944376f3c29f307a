import { atom, type ReadableAtom } from 'nanostores'
import { NanopeerError, type RequestError } from '../base/errors'
import type {
  ActionLike,
  AnswerOf,
  Connection,
  InputArguments,
  InputOf,
  Progress,
  RequestOptions,
  RunActionLike,
} from '../base/types'
import { publish, tell } from '../store'
import { watchAnswer } from './watch-answer'

/** What `useAction` shows of the latest run. */
export interface RunState<Data = unknown, Input = unknown> {
  /** A run of bytes or events is `pending` until its answer has been read to the end. */
  readonly status: 'idle' | 'pending' | 'success' | 'error'
  /** The answer. That of a bytes or events run is there as soon as it can be read. */
  readonly data: Data | undefined
  readonly error: RequestError | null
  readonly isPending: boolean
  /** The input of the run: what a form shows before the device has answered. */
  readonly variables: Input | undefined
  /** Bytes of the upload, then of the answer; null before any have moved. */
  readonly progress: Progress | null
}

/** How a run ended, for whoever would rather look than catch. */
export type RunResult<Data = unknown> =
  | { readonly data: Data; readonly error: null }
  | { readonly data: undefined; readonly error: RequestError }

/** Heard of every run, after an unmount, too; those of the latest render are called. */
export interface RunOptions<A extends RunActionLike = RunActionLike> {
  /** A run of bytes or events has succeeded once its answer has been read to the end. */
  readonly onSuccess?: ((data: AnswerOf<A>, variables: InputOf<A>) => void) | undefined
  readonly onError?: ((error: RequestError, variables: InputOf<A>) => void) | undefined
  /** Behind either. */
  readonly onSettled?:
    | ((data: AnswerOf<A> | undefined, error: RequestError | null, variables: InputOf<A>) => void)
    | undefined
}

/** The store behind `useAction`. */
export interface Runner<A extends RunActionLike = RunActionLike> {
  /** The latest run. Listening to it starts none, and runs go on without listeners. */
  readonly $state: ReadableAtom<RunState<AnswerOf<A>, InputOf<A>>> & {
    readonly value: RunState<AnswerOf<A>, InputOf<A>>
  }
  /**
   * Runs the action, beside runs that are still under way. Rejects as `connection.request` does; the rejection is
   * shown in the state too, so a caller that only shows it need not catch it. Whoever awaits it must: or takes `tryRun`.
   */
  run(...given: InputArguments<A, RequestOptions>): Promise<AnswerOf<A>>
  /** As `run`, but never rejects: resolves to the answer or to the error. */
  tryRun(...given: InputArguments<A, RequestOptions>): Promise<RunResult<AnswerOf<A>>>
  /** Gives up the latest run: it rejects with `ABORTED`. */
  abort(): void
  /** Forgets the latest run, which goes on. */
  reset(): void
}

/** Nothing has been run. */
export const idleRun: RunState<never, never> = {
  status: 'idle',
  data: undefined,
  error: null,
  isPending: false,
  variables: undefined,
  progress: null,
}

/**
 * Creates something that runs an action on demand and shows the latest run.
 *
 * @param connection null while there is none: then a run rejects with `INVALID_INPUT`.
 * @param options those of now, when a run ends
 */
export function createRunner<A extends RunActionLike>(
  connection: Connection | null,
  action: A,
  options: () => RunOptions<A> = () => ({}),
): Runner<A> {
  type Data = AnswerOf<A>
  type State = RunState<Data, InputOf<A>>
  const $state = atom<State>(idleRun)
  let latest: AbortController | null = null

  const run = (...[input, given = {}]: InputArguments<A, RequestOptions>): Promise<Data> => {
    const variables = input as InputOf<A>
    const controller = new AbortController()
    const { signal } = controller
    const unfollow = given.signal ? followSignal(given.signal, controller) : () => {}
    const show = (change: Partial<State>) => {
      if (latest === controller) publish($state, { ...$state.value, ...change })
    }
    const onProgress = (progress: Progress) => {
      show({ progress })
      given.onProgress?.(progress)
    }
    let isOver = false
    const ended = (data: Data | undefined, error: RequestError | null) => {
      if (isOver) return
      isOver = true
      unfollow()
      const { onSuccess, onError, onSettled } = options()
      show(
        error
          ? { status: 'error', isPending: false, data: undefined, error }
          : { status: 'success', isPending: false, data },
      )
      if (error) tell(() => onError?.(error, variables))
      else tell(() => onSuccess?.(data as Data, variables))
      tell(() => onSettled?.(data, error, variables))
    }

    latest = controller
    publish<State>($state, { ...idleRun, status: 'pending', isPending: true, variables })
    const wrong = isMedia(action) ? watchIt() : connection ? null : notYet()
    const asked: Promise<Data> =
      connection && !wrong
        ? connection.request<RunActionLike>(action, input, { ...given, signal, onProgress })
        : Promise.reject(wrong)
    const answered = asked.then(
      (answer) => {
        const read = (error: unknown) =>
          error === null ? ended(watched ?? answer, null) : ended(undefined, error as RequestError)
        const watched = watchAnswer(answer, read)
        if (watched === null) ended(answer, null)
        else {
          show({ data: watched })
          // Whoever does not read hears of nothing.
          const giveUp = () => ended(undefined, aborted(signal.reason))
          if (signal.aborted) giveUp()
          else signal.addEventListener('abort', giveUp, { once: true })
        }
        return watched ?? answer
      },
      (error) => {
        ended(undefined, error)
        throw error
      },
    )
    // The state tells of the failure; without this every click handler would have to catch it as well.
    answered.catch(() => {})
    return answered
  }

  return {
    $state,
    run,
    tryRun: (...given) =>
      run(...given).then(
        (data) => ({ data, error: null }),
        (error: RequestError) => ({ data: undefined, error }),
      ),
    abort: () => latest?.abort(),
    reset() {
      latest = null
      publish<State>($state, idleRun)
    },
  }
}

/** Aborts along with another signal, as `AbortSignal.any` does where there is one. Returns the undo. */
const followSignal = (signal: AbortSignal, controller: AbortController): (() => void) => {
  const abort = () => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return () => signal.removeEventListener('abort', abort)
}

const aborted = (cause: unknown) => new NanopeerError('ABORTED', 'The request was aborted.', { cause })

const notYet = () =>
  new NanopeerError('INVALID_INPUT', 'There is no connection to run this on yet: wait until it is not null.')

/** Types forbid it, and not everybody has types. */
const isMedia = (action: ActionLike): boolean => typeof action !== 'string' && action.kind === 'media'

const watchIt = () => {
  const text =
    'A media action has no end to run to: watch it by useMedia, or by connection.request with a signal.'
  return new NanopeerError('INVALID_INPUT', text)
}
