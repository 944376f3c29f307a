import { ActionError, action, type Connection, type QueryOptions, requestOptions } from '@nanopeer/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { list } from './actions'
import { startDevice } from './device'
import type { Harness } from './harness'
import { inMemory } from './networks'
import { eventually, turns, useStage } from './suites/support'

/** What the suite needs of a `QueryClient`. */
interface Client {
  mount(): void
  unmount(): void
  clear(): void
  cancelQueries(filters: { readonly queryKey: readonly unknown[] }): Promise<void>
}

/** What it reads of a query. */
interface QueryResult {
  readonly status: string
  readonly fetchStatus: string
  readonly data: string | undefined
  readonly error: Error | null
}

/** TanStack Query as one framework has it. */
export interface QueryLibrary<C extends Client> {
  /** A client with the library's own defaults. */
  createClient(): C
  /** Called in a component; the result's fields are those of now. */
  useQuery(given: () => QueryOptions<string>, client: C): QueryResult
}

interface Props {
  readonly query: QueryOptions<string>
}

const broken = action<void, string>('broken')

const describeQuery = ({ status, data, error, fetchStatus }: QueryResult): string =>
  [status, data, error && Reflect.get(error, 'code'), fetchStatus !== 'idle' && fetchStatus]
    .filter(Boolean)
    .join(' ')

/**
 * Lets the page believe that it is offline until the test is over. Taking the browser offline for real would cut the
 * test off from its runner.
 */
const goOffline = (): void => {
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  dispatchEvent(new Event('offline'))
  onTestFinished(() => {
    onLine.mockRestore()
    dispatchEvent(new Event('online'))
  })
}

/** What `requestOptions` does in TanStack Query. */
export function queryConformance<C extends Client>(harness: Harness, library: QueryLibrary<C>): void {
  describe(`${harness.name} with TanStack Query`, () => {
    const stage = useStage(harness, inMemory)

    const connect = async () => {
      const { world, mount } = stage()
      const device = await startDevice(world)
      const peer = await world.peer()
      const connection = peer.connect(device.id, world.dialling)
      const client = library.createClient()
      client.mount()
      onTestFinished(() => {
        client.clear()
        client.unmount()
      })
      const show = (query: QueryOptions<string>, copies?: number) =>
        mount(
          {
            setup: (_hooks, props: () => Props) => library.useQuery(() => props().query, client),
            text: describeQuery,
          },
          { query },
          copies,
        )
      return { device, connection, client, show }
    }

    const listing = (connection: Connection, path: string) => requestOptions(connection, list, { path })

    test('components that ask the same ask the device once, and share its answer', async () => {
      const { device, connection, show } = await connect()
      device.hold()
      const mounted = show(listing(connection, '/'), 2)
      expect(mounted.texts()).toEqual(['pending fetching', 'pending fetching'])
      const later = show(listing(connection, '/'))
      await eventually(() => device.asked, ['/'])
      device.release()
      await eventually(mounted.texts, ['success / #1', 'success / #1'])
      await eventually(later.texts, ['success / #1'])
      expect(device.asked).toEqual(['/'])
    })

    test('a query that the last component has left is aborted at the device', async () => {
      const { device, connection, show } = await connect()
      device.hold()
      const one = show(listing(connection, '/'))
      const other = show(listing(connection, '/'))
      await eventually(() => device.asked, ['/'])
      one.unmount()
      await turns()
      expect(connection.$requests.get()).toHaveLength(1)
      other.unmount()
      await eventually(() => device.aborted, ['/'])
      expect(connection.$requests.get()).toEqual([])
    })

    test('another input aborts the query of the one before at the device', async () => {
      const { device, connection, show } = await connect()
      device.hold()
      const mounted = show(listing(connection, '/a'))
      await eventually(() => device.asked, ['/a'])
      mounted.update({ query: listing(connection, '/b') })
      await eventually(() => device.aborted, ['/a'])
      device.release()
      await eventually(mounted.texts, ['success /b #2'])
    })

    test('a cancel of the client reaches the device', async () => {
      const { device, connection, client, show } = await connect()
      device.hold()
      const query = listing(connection, '/')
      show(query)
      await eventually(() => device.asked, ['/'])
      await client.cancelQueries({ queryKey: query.queryKey.slice(0, 3) })
      await eventually(() => device.aborted, ['/'])
      expect(connection.$requests.get()).toEqual([])
    })

    test('an ActionError is an answer, and is not asked for again', async () => {
      const { device, connection, show } = await connect()
      let asked = 0
      device.peer.handle(broken, () => {
        asked++
        throw new ActionError(404, 'No such folder')
      })
      const mounted = show(requestOptions(connection, broken))
      // While the library tries again, a query is pending.
      await eventually(mounted.texts, ['error 404'])
      expect(asked).toBe(1)
    })

    test('a query that was lost with the device is asked again', async () => {
      const { device, connection, show } = await connect()
      device.hold()
      const mounted = show(listing(connection, '/'))
      await eventually(() => device.asked, ['/'])
      await device.restart()
      device.release()
      await eventually(mounted.texts, ['success / #2'])
    })

    test('a query is asked while the browser believes it is offline', async () => {
      const { device, connection, show } = await connect()
      goOffline()
      const { networkMode: _, ...usual } = listing(connection, '/usual')
      const waiting = show(usual as QueryOptions<string>)
      const mounted = show(listing(connection, '/'))
      await eventually(mounted.texts, ['success / #1'])
      // What the library does with any other query.
      expect(waiting.texts()).toEqual(['pending paused'])
      expect(device.asked).toEqual(['/'])
    })
  })
}
