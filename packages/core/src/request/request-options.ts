import type { ValueAction } from '../action'
import type { RequestError } from '../errors'
import type { AnswerOf, Connection, InputArguments, InputOf } from '../types'
import { requestKey } from './flight'

/** What TanStack Query needs to ask a device: spread it into `useQuery`, `useSuspenseQuery`, `fetchQuery` … */
export interface QueryOptions<Data> {
  /** This peer, the remote, the action, and the input in a form that TanStack Query can compare. */
  readonly queryKey: readonly ['nanopeer', peer: string, remote: string, action: string, input: string]
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Data>
  /** The browser's idea of being online says nothing about a peer. */
  readonly networkMode: 'always'
  /** Three times, and only what may be different next time: never an `ActionError`, which is an answer. */
  readonly retry: (failures: number, error: Error) => boolean
}

/**
 * Describes a request to TanStack Query, which then caches it; a query that nobody wants any more is aborted on the
 * device too.
 *
 * @example
 * const { data } = useQuery(requestOptions(connection, listFiles, { path: '/' }))
 */
export function requestOptions<A extends ValueAction | string>(
  connection: Connection,
  action: A,
  ...[input]: InputArguments<A, never>
): QueryOptions<AnswerOf<A>> {
  const name = typeof action === 'string' ? action : action.name
  return {
    queryKey: ['nanopeer', connection.peer.id, connection.remoteId, name, requestKey(action, input)],
    queryFn: ({ signal }) =>
      connection.request<ValueAction | string>(action, input as InputOf<A>, { signal }) as Promise<
        AnswerOf<A>
      >,
    networkMode: 'always',
    retry: (failures, error) => failures < 3 && isPassing(error as RequestError),
  }
}

const passing: ReadonlySet<unknown> = new Set([
  'TIMEOUT',
  'CONNECTION_LOST',
  'PEER_UNAVAILABLE',
  'OVERLOADED',
  'NETWORK',
])

const isPassing = (error: RequestError): boolean => error.name === 'NanopeerError' && passing.has(error.code)
