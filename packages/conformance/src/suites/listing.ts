import { type Connection, type Skip, skip } from '@nanopeer/core'
import type { RequestView, UseRequestOptions } from '@nanopeer/core/adapter'
import { list } from '../actions'
import type { Hooks } from '../harness'

export interface Props {
  readonly connection: Connection | null
  readonly path: string | null
  readonly keepPrevious?: boolean
  /** Changes nothing but that there is another render. */
  readonly render?: number
}

/** What a component shows of a request. */
export const describe = ({ status, data, error, isFetching, isPaused }: RequestView<string>) =>
  [status, data, error?.code, isFetching && 'fetching', isPaused && 'paused'].filter(Boolean).join(' ')

/** A component that asks for the listing of a path. */
export const listing = {
  setup: (hooks: Hooks, props: () => Props) =>
    hooks.useRequest<typeof list>(() => {
      const { connection, path, keepPrevious, render } = props()
      const input: { path: string } | Skip = path === null ? skip : { path }
      return [connection, list, input, { keepPrevious, timeout: render === undefined ? undefined : 30_000 }]
    }),
  text: describe,
}

export interface OptionProps {
  readonly connection: Connection
  readonly options: UseRequestOptions<string>
}

/** One that asks for that of the root, with the options it is given. */
export const withOptions = {
  setup: (hooks: Hooks, props: () => OptionProps) =>
    hooks.useRequest<typeof list>(() => [props().connection, list, { path: '/' }, props().options]),
  text: describe,
}
