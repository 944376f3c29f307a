import { ActionError, action, createPeer, getPeer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import * as React from 'react'
import {
  Component,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  useDeferredValue,
  useEffect,
} from 'react'
import { createPortal, flushSync } from 'react-dom'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useConnection, usePeer, useRequest } from '../src'

const list = action<{ path: string }, string>('list')

let options: PeerOptions
let leave: (() => unknown)[] = []
beforeEach(() => {
  options = { transport: createTestNetwork().transport }
})
afterEach(async () => {
  for (const undo of leave) await undo()
  leave = []
})

const createContainer = () => {
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  leave.push(() => root.unmount())
  return { container, root }
}

const openDevice = async () => {
  const device = createPeer('nas', { ...options, accept: 'anyone' })
  leave.push(() => device.destroy())
  const asked: string[] = []
  device.handle(list, ({ path }) => {
    asked.push(path)
    return `of ${path}`
  })
  await device.open()
  return asked
}

const never = new Promise<never>(() => {})

function Suspended(): never {
  usePeer('laptop', options)
  throw never
}

test('a render that is thrown away opens nothing', async () => {
  const { container, root } = createContainer()
  flushSync(() =>
    root.render(
      <Suspense fallback="waiting">
        <Suspended />
      </Suspense>,
    ),
  )
  expect(container.textContent).toBe('waiting')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const peer = getPeer('laptop', options)
  expect(peer.$status.value?.state).toBe('idle')
})

interface FilesProps {
  readonly path: string
  readonly rendered: (text: string) => void
}

function Files({ path, rendered }: FilesProps) {
  const { peer } = usePeer('laptop', options)
  const { connection } = useConnection(peer, 'nas')
  const { data } = useRequest(connection, list, { path })
  rendered(`${path} ${data}`)
  return <output>{data}</output>
}

test('a transition to another input shows the data of one input at a time', async () => {
  const asked = await openDevice()
  const seen: string[] = []
  const rendered = (text: string) => seen.push(text)
  const { container, root } = createContainer()
  flushSync(() => root.render(<Files path="/a" rendered={rendered} />))
  await expect.poll(() => container.textContent).toBe('of /a')
  startTransition(() => root.render(<Files path="/b" rendered={rendered} />))
  await expect.poll(() => container.textContent).toBe('of /b')
  expect(asked).toEqual(['/a', '/b'])
  expect(seen).not.toContain('/b of /a')
  expect(seen).not.toContain('/a of /b')
})

function Listing() {
  const { peer } = usePeer('laptop', options)
  const { connection, status } = useConnection(peer, 'nas')
  const { data, isFetching } = useRequest(connection, list, { path: '/' })
  seen.push(`${status} ${data}`)
  return <output>{`${status} ${data}${isFetching ? ' fetching' : ''}`}</output>
}

let seen: string[] = []

test.skipIf(!('Activity' in React))(
  'what was hidden for a while shows its data again, as what is on its way',
  async () => {
    const asked = await openDevice()
    const { container, root } = createContainer()
    const { Activity } = React
    const show = (mode: 'visible' | 'hidden') =>
      flushSync(() =>
        root.render(
          <Activity mode={mode}>
            <Listing />
          </Activity>,
        ),
      )
    show('visible')
    await expect.poll(() => container.textContent).toBe('open of /')
    show('hidden')
    const peer = getPeer('laptop', options)
    await expect.poll(() => peer.$status.value?.state).toBe('idle')
    seen = []
    show('visible')
    expect(container.textContent).toBe('connecting of / fetching')
    await expect.poll(() => container.textContent).toBe('open of /')
    expect(asked).toEqual(['/', '/'])
    expect(seen.filter((text) => text.includes('closed') || text.includes('undefined'))).toEqual([])
  },
)

class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null }
  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <button type="button" onClick={() => this.setState({ error: null })}>
        {String(error)}
      </button>
    )
  }
}

function Flaky() {
  const { peer } = usePeer('laptop', options)
  const { connection } = useConnection(peer, 'nas')
  const { data } = useRequest(connection, 'flaky', null, { throwOnError: true })
  return <output>{String(data)}</output>
}

test('an error that is thrown reaches the boundary, and what is mounted again behind it asks again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  leave.push(() => vi.restoreAllMocks())
  const asked = await openDevice()
  let fails = true
  const device = getPeer('nas', options)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  device.handle('flaky', () => {
    asked.push('flaky')
    if (fails) throw new ActionError(503, 'Not now')
    return 'fine'
  })
  const { container, root } = createContainer()
  root.render(
    <Boundary>
      <Flaky />
    </Boundary>,
  )
  await expect.poll(() => container.textContent).toBe('ActionError: Not now')
  fails = false
  container.querySelector('button')?.click()
  await expect.poll(() => container.textContent).toBe('fine')
  expect(asked).toEqual(['flaky', 'flaky'])
})

function Owner() {
  const { peer, status } = usePeer('laptop', options)
  const { status: nas } = useConnection(peer, 'nas')
  // As one does it with raw PeerJS. In StrictMode it runs once before anything is on screen.
  useEffect(() => () => void peer?.destroy(), [peer])
  return <output>{`${status} ${nas}`}</output>
}

test('a peer that its component destroys when it is unmounted is another one when that is mounted again', async () => {
  await openDevice()
  const { container, root } = createContainer()
  root.render(
    <StrictMode>
      <Owner />
    </StrictMode>,
  )
  await expect.poll(() => container.textContent).toBe('open open')
})

const madeIds: string[] = []
const makeId = () => {
  madeIds.push('laptop')
  return 'laptop'
}

function Made() {
  const { peer, status } = usePeer(makeId, options)
  return <output>{`${status} ${peer?.id}`}</output>
}

test('an id that is made at mount is made once, behind what a server said', async () => {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = '<output>connecting undefined</output>'
  const complain = vi.spyOn(console, 'error')
  const root = hydrateRoot(container, <Made />)
  leave.push(() => root.unmount())
  leave.push(() => vi.restoreAllMocks())
  await expect.poll(() => container.textContent).toBe('open laptop')
  expect(madeIds).toEqual(['laptop'])
  expect(complain).not.toHaveBeenCalled()
})

function Chosen({ id, rendered }: { readonly id: string; readonly rendered: (text: string) => void }) {
  const remoteId = useDeferredValue(id)
  const { peer } = usePeer('laptop', options)
  const { connection, status } = useConnection(peer, remoteId)
  const { data } = useRequest(connection, list, { path: '/' })
  rendered(`${remoteId} ${connection?.remoteId ?? remoteId} ${data ?? `of ${remoteId}`}`)
  return <output>{`${remoteId} ${status} ${data}`}</output>
}

test('a device that is chosen in transitions and deferred shows what is its own, and the ones between are let go of', async () => {
  for (const id of ['nas', 'tv', 'car']) {
    const device = createPeer(id, { ...options, accept: 'anyone' })
    leave.push(() => device.destroy())
    device.handle(list, () => `of ${id}`)
    await device.open()
  }
  const seen = new Set<string>()
  const rendered = (text: string) => seen.add(text)
  const { container, root } = createContainer()
  const show = (id: string) =>
    root.render(
      <StrictMode>
        <Chosen id={id} rendered={rendered} />
      </StrictMode>,
    )
  flushSync(() => show('nas'))
  await expect.poll(() => container.textContent).toBe('nas open of nas')
  for (const id of ['tv', 'car', 'nas', 'tv', 'car']) {
    startTransition(() => show(id))
    await new Promise((resolve) => setTimeout(resolve))
  }
  await expect.poll(() => container.textContent).toBe('car open of car')
  // Each is in one render with what belongs to it.
  for (const text of seen) expect(new Set(text.replace('of ', '').split(' ')).size).toBe(1)
  const { $connections } = getPeer('laptop', options)
  await expect.poll(() => $connections.get().map(({ remoteId }) => remoteId)).toEqual(['car'])
})

test('a portal has the peer of the page it belongs to', async () => {
  const { container, root } = createContainer()
  const elsewhere = document.body.appendChild(document.createElement('div'))
  leave.push(() => elsewhere.remove())
  root.render(
    <>
      <Made />
      {createPortal(<Made />, elsewhere)}
    </>,
  )
  await expect
    .poll(() => [container, elsewhere].map(({ textContent }) => textContent))
    .toEqual(['open laptop', 'open laptop'])
})

test.skipIf(!('Activity' in React))('what is rendered hidden opens nothing until it is shown', async () => {
  const { container, root } = createContainer()
  const { Activity } = React
  const show = (mode: 'visible' | 'hidden') =>
    flushSync(() =>
      root.render(
        <Activity mode={mode}>
          <Made />
        </Activity>,
      ),
    )
  show('hidden')
  await expect.poll(() => container.querySelector('output')?.textContent).toBe('connecting laptop')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(getPeer('laptop', options).$status.value?.state).toBe('idle')
  show('visible')
  await expect.poll(() => container.textContent).toBe('open laptop')
})

function Streamed({ rendered }: { readonly rendered: (text: string) => void }) {
  const { peer, status } = usePeer('laptop', options)
  rendered(status)
  return <output>{`${status} ${peer?.id}`}</output>
}

test('what a server has streamed is taken over behind its boundary, though the peer is open by then', async () => {
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  await peer.open()
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = '<!--$--><output>connecting laptop</output><!--/$-->'
  const element = container.querySelector('output')
  const complain = vi.spyOn(console, 'error')
  leave.push(() => vi.restoreAllMocks())
  const seen: string[] = []
  const onRecoverableError = (error: unknown) => seen.push(String(error))
  const root = hydrateRoot(
    container,
    <Suspense fallback="waiting">
      <Streamed rendered={(text) => seen.push(text)} />
    </Suspense>,
    { onRecoverableError },
  )
  leave.push(() => root.unmount())
  await expect.poll(() => container.textContent).toBe('open laptop')
  expect([container.querySelector('output'), new Set(seen)]).toEqual([
    element,
    new Set(['connecting', 'open']),
  ])
  expect(complain).not.toHaveBeenCalled()
})
