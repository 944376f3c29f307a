/** In a worker thread a peer is refused, and says so; the process goes on. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createPeer } from '@nanopeer/node'

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url))
  const [code] = await once(worker, 'message')
  assert.equal(code, 'UNSUPPORTED')
  await once(worker, 'exit')
  console.log('A worker is refused, and the process goes on.')
} else {
  const peer = createPeer('device', { iceServers: [] })
  const code = await peer.open().then(
    () => 'opened',
    (error) => error.code,
  )
  parentPort?.postMessage(code)
}
