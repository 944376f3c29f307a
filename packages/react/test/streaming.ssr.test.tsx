import { PassThrough } from 'node:stream'
import { getPeer, type PeerOptions, type Transport } from '@nanopeer/core'
import { Suspense } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { expect, test } from 'vitest'
import { useConnection, usePeer, useRequest } from '../src'

const transport: Transport = {
  isSupported: () => true,
  join() {
    throw new Error('A server render must not join a network.')
  },
}
const options: PeerOptions = { transport }

/** Suspends once, as what waits for a database. */
const createGate = () => {
  let isOpen = false
  let settle = () => {}
  const opened = new Promise<void>((resolve) => {
    settle = resolve
  })
  return {
    pass() {
      if (!isOpen) throw opened
    },
    open() {
      isOpen = true
      settle()
    },
  }
}

function Files({ gate }: { readonly gate: () => void }) {
  const { peer, status } = usePeer('laptop', options)
  gate()
  const nas = useConnection(peer, 'nas')
  const files = useRequest(nas.connection, 'list', null)
  return <output>{`${status} ${nas.status} ${files.status}`}</output>
}

test('a page that is streamed says behind its boundary that everything is on its way, and opens nothing', async () => {
  const gate = createGate()
  const stream = new PassThrough()
  const errors: unknown[] = []
  const { pipe } = renderToPipeableStream(
    <Suspense fallback="waiting">
      <Files gate={gate.pass} />
    </Suspense>,
    {
      onShellReady() {
        pipe(stream)
        gate.open()
      },
      onError: (error) => void errors.push(error),
    },
  )
  let html = ''
  for await (const chunk of stream) html += String(chunk)
  expect(errors).toEqual([])
  expect(html).toContain('<output>connecting connecting pending</output>')
  expect(getPeer('laptop', options).$status.value?.state).toBe('idle')
})
