import { queryConformance } from '@nanopeer/conformance'
import { ActionError, action, type Connection, createPeer, requestOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { QueryClient, QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Component, type ReactNode, Suspense, version } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { reactHarness } from './harness'

queryConformance(reactHarness(`React ${version.split('.')[0]}`, false), {
  createClient: () => new QueryClient(),
  useQuery: (given, client) => useQuery(given(), client),
})

const list = action<{ path: string }, string>('list')

/** A connection to a device that answers once `release` is called. */
const connect = async () => {
  const { transport } = createTestNetwork()
  const asked: string[] = []
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const device = createPeer('nas', { transport, accept: 'anyone' })
  device.handle(list, async ({ path }) => {
    asked.push(path)
    await gate
    if (path === '/') return 'files'
    throw new ActionError(404, 'No such folder')
  })
  await device.open()
  const laptop = createPeer('laptop', { transport })
  onTestFinished(() => Promise.all([laptop.destroy(), device.destroy()]).then(() => {}))
  return { connection: laptop.connect('nas'), asked, release }
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly message: string | null }> {
  override readonly state = { message: null }

  static getDerivedStateFromError = ({ message }: Error) => ({ message })

  override render() {
    return this.state.message ?? this.props.children
  }
}

function Files({ connection, path }: { readonly connection: Connection; readonly path: string }) {
  const { data } = useSuspenseQuery(requestOptions(connection, list, { path }))
  // Never undefined, to the compiler either.
  return <output>{data.toUpperCase()}</output>
}

/** Shows two components that suspend on the same query. */
const show = (connection: Connection, path: string) => {
  const container = document.body.appendChild(document.createElement('div'))
  const client = new QueryClient()
  const root = createRoot(container)
  onTestFinished(() => {
    root.unmount()
    client.clear()
    container.remove()
  })
  root.render(
    <QueryClientProvider client={client}>
      <Boundary>
        <Suspense fallback="waiting">
          <Files connection={connection} path={path} />
          <Files connection={connection} path={path} />
        </Suspense>
      </Boundary>
    </QueryClientProvider>,
  )
  return () => container.textContent
}

test('components suspend on one query until its answer is there', async () => {
  const { connection, asked, release } = await connect()
  const text = show(connection, '/')
  await expect.poll(text).toBe('waiting')
  await expect.poll(() => asked).toEqual(['/'])
  expect(text()).toBe('waiting')
  release()
  await expect.poll(text).toBe('FILESFILES')
  expect(asked).toEqual(['/'])
})

test('an ActionError goes to the error boundary, and is not asked for again', async () => {
  // React tells every error that it hands to a boundary.
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => told.mockRestore())
  const { connection, asked, release } = await connect()
  const text = show(connection, '/none')
  release()
  await expect.poll(text).toBe('No such folder')
  expect(asked).toEqual(['/none'])
})
