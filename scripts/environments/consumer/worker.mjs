/** In a worker thread a peer is refused, and says so; the process goes on. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createPeer } from '@nanopeer/node'

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url))
  // Waited for at once: a thread's end may come in the same turn as its message.
  const [[said], [exitCode]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
  assert.equal(said, 'UNSUPPORTED')
  assert.equal(exitCode, 0)
  console.log('A worker is refused, and the process goes on.')
} else {
  const peer = createPeer('device', { iceServers: [] })
  const code = await peer.open().then(
    () => 'opened',
    (error) => error.code,
  )
  parentPort?.postMessage(code)
}
