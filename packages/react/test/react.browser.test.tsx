import { action, createPeer, getPeer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { Suspense, startTransition } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
