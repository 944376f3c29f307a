import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const built = new URL('../dist/index.js', import.meta.url).href

const openPeer = `
  import(${JSON.stringify(built)})
    .then(({ createPeer }) => createPeer('nas', { server: { host: '127.0.0.1', port: 9 }, accept: 'anyone' }).open())
    .then(
      () => ({ code: 'opened' }),
      ({ code, message }) => ({ code, message }),
    )
    .then((said) => require('node:worker_threads').parentPort.postMessage(said))
`

test('a peer in a worker thread is refused at once, and the thread ends without the process', async () => {
  const worker = new Worker(openPeer, { eval: true })
  const [[said], [exitCode]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
  expect(said).toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('child_process.fork') })
  expect(exitCode).toBe(0)
})
