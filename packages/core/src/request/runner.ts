import { atom, type ReadableAtom } from 'nanostores'
import { NanopeerError, type RequestError } from '../errors'
import type { ActionLike, AnswerOf, Connection, InputArguments, Progress, RequestOptions } from '../types'
import { watchAnswer } from './watch-answer'

/** What `useAction` shows of the latest run. */
export interface RunState<Data = unknown> {
  /** A run of bytes or events is `pending` until its answer has been read to the end. */
  readonly status: 'idle' | 'pending' | 'success' | 'error'
  /** The answer. That of a bytes or events run is there as soon as it can be read. */
  readonly data: Data | undefined
  readonly error: RequestError | null
  readonly isPending: boolean
  /** Bytes of the upload, then of the answer; null before any have moved. */
  readonly progress: Progress | null
}

/** The store behind `useAction`. */
export interface Runner<A extends ActionLike = ActionLike> {
  /** The latest run. Listening to it starts none, and runs go on without listeners. */
  readonly $state: ReadableAtom<RunState<AnswerOf<A>>> & { readonly value: RunState<AnswerOf<A>> }
  /**
   * Runs the action, beside runs that are still under way. Rejects as `connection.request` does; the rejection is
   * shown in the state too, so a caller that only shows it need not catch it.
   */
  run(...given: InputArguments<A, RequestOptions>): Promise<AnswerOf<A>>
  /** Gives up the latest run: it rejects with `ABORTED`. */
  abort(): void
  /** Forgets the latest run, which goes on. */
  reset(): void
}

/** Nothing has been run. */
export const idleRun: RunState<never> = {
  status: 'idle',
  data: undefined,
  error: null,
  isPending: false,
  progress: null,
}

/**
 * Creates something that runs an action on demand and shows the latest run.
 *
 * @param connection null while there is none: then a run rejects with `INVALID_INPUT`.
 * @example
 * const upload = createRunner(nas, writeFile)
 * await upload.run({ path: '/notes.txt' }, { body: file })
 */
export function createRunner<A extends ActionLike>(connection: Connection | null, action: A): Runner<A> {
  type Data = AnswerOf<A>
  const $state = atom<RunState<Data>>(idleRun)
  let latest: AbortController | null = null

  const run = (...[input, options]: InputArguments<A, RequestOptions>): Promise<Data> => {
    const controller = new AbortController()
    const given: RequestOptions = options ?? {}
    const signal = given.signal ? AbortSignal.any([given.signal, controller.signal]) : controller.signal
    const show = (change: Partial<RunState<Data>>) => {
      if (latest === controller) $state.set({ ...$state.value, ...change })
    }
    const onProgress = (progress: Progress) => {
      show({ progress })
      given.onProgress?.(progress)
    }
    let over = false
    const ended = (error: unknown) => {
      if (over) return
      over = true
      show(
        error === null
          ? { status: 'success', isPending: false }
          : { status: 'error', isPending: false, data: undefined, error: error as RequestError },
      )
    }

    latest = controller
    $state.set({ ...idleRun, status: 'pending', isPending: true })
    const asked: Promise<Data> = connection
      ? connection.request<ActionLike>(action, input, { ...given, signal, onProgress })
      : Promise.reject(notYet())
    const answered = asked.then(
      (answer) => {
        const watched = watchAnswer(answer, ended)
        if (watched === null) show({ status: 'success', isPending: false, data: answer })
        else show({ data: watched })
        return watched ?? answer
      },
      (error) => {
        ended(error)
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
    abort: () => latest?.abort(),
    reset() {
      latest = null
      $state.set(idleRun)
    },
  }
}

const notYet = () =>
  new NanopeerError('INVALID_INPUT', 'There is no connection to run this on yet: wait until it is not null.')
