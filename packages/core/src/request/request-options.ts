import type { ValueAction } from '../base/action'
import { NanopeerError, type RequestError, verdictOf } from '../base/errors'
import type { ActionLike, AnswerOf, Connection, InputArguments, InputOf } from '../base/types'
import { requestKey } from './asked'
import { type Skip, skip } from './skip'

/** A cache cannot hold undefined, which is what an action that answers nothing answers. */
export type Cached<Data> = Data extends undefined ? null : Data

/** What TanStack Query needs to ask a device: spread it into `useQuery`, `useSuspenseQuery`, `fetchQuery` … */
export interface QueryOptions<Data> {
  /** This peer, the remote, the action, and the input in a form that TanStack Query can compare. */
  readonly queryKey: readonly [
    'nanopeer',
    peer: string | null,
    remote: string | null,
    action: string,
    input: string,
  ]
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Data>
  /** False while there is no connection, or the input is `skip`. */
  readonly enabled: boolean
  /** The browser's idea of being online says nothing about a peer. */
  readonly networkMode: 'always'
  /** Three times, and only what may be different next time: never an `ActionError`, which is an answer. */
  readonly retry: (failures: number, error: Error) => boolean
}

/**
 * Describes a request to TanStack Query, which then caches it; a query that nobody wants any more is aborted on the
 * device too. An action that answers nothing gives null.
 *
 * @param connection null means "not yet": the query is disabled.
 * @param input `skip` means "not yet".
 * @example
 * const { data } = useQuery(requestOptions(connection, listFiles, { path: '/' }))
 */
export function requestOptions<A extends ValueAction | string>(
  connection: Connection | null | undefined,
  action: A,
  ...[input]: InputArguments<A, never, InputOf<A> | Skip>
): QueryOptions<Cached<AnswerOf<A>>> {
  const name = typeof action === 'string' ? action : action.name
  const peer = connection?.peer.id ?? null
  const remote = connection?.remoteId ?? null
  return {
    queryKey: ['nanopeer', peer, remote, name, input === skip ? '' : requestKey(action, input)],
    async queryFn({ signal }) {
      if (!connection || input === skip) throw notYet()
      return (await connection.request<ActionLike>(action, input, { signal })) ?? null
    },
    enabled: !!connection && input !== skip,
    networkMode: 'always',
    retry: (failures, error) => failures < 3 && isPassing(error as RequestError),
  }
}

const notYet = () =>
  new NanopeerError('INVALID_INPUT', 'There is nothing to ask yet: leave the query disabled until there is.')

const isPassing = (error: RequestError): boolean =>
  error.name === 'NanopeerError' && verdictOf(error).isPassing === true
