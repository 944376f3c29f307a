/** Runs under vitest and Jest, in DOMs that are not a browser's: what an application's tests would be. */
import { action, createPeer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { useConnection, useRequest } from '@nanopeer/react'
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'

const greet = action('greet')
const read = action.bytes('read')
const weigh = action('weigh')

function Greeting({ laptop }) {
  const { connection } = useConnection(laptop, 'nas')
  const { data, isPending, error } = useRequest(connection, greet, 'Ada')
  return createElement('p', null, isPending ? 'Loading' : error ? error.message : data)
}

globalThis.IS_REACT_ACT_ENVIRONMENT = true

test('a component shows what a device answers, and bytes go both ways', async () => {
  const net = createTestNetwork()
  const nas = createPeer('nas', { transport: net.transport, accept: 'anyone' })
  nas.handle(greet, (name) => `Hello, ${name}`)
  nas.handle(read, () => new Response('the file'))
  nas.handle(weigh, async (_input, { body }) => (await new Response(body).arrayBuffer()).byteLength)
  const laptop = createPeer('laptop', { transport: net.transport })
  await Promise.all([nas.open(), laptop.open()])

  const root = createRoot(document.body.appendChild(document.createElement('div')))
  await act(async () => root.render(createElement(Greeting, { laptop })))
  while (document.body.textContent === 'Loading')
    await act(() => new Promise((resolve) => setTimeout(resolve)))
  expect(document.body.textContent).toBe('Hello, Ada')

  const connection = laptop.connect('nas')
  expect(await (await connection.request(read)).text()).toBe('the file')
  const stop = new AbortController()
  expect(await connection.request(weigh, null, { body: new Blob(['12345']), signal: stop.signal })).toBe(5)

  await act(async () => root.unmount())
  await Promise.all([nas.destroy(), laptop.destroy()])
})
