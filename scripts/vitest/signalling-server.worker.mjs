import { parentPort, workerData } from 'node:worker_threads'
import { createSignallingServer } from '@nanopeer/server'

const server = await createSignallingServer({
  host: workerData.host,
  port: workerData.port,
  // All tests share one address: what one of them tries in vain must not keep the others out.
  limits: { refusalsPerMinute: 1_000_000, pairingsPerMinute: 1_000_000 },
  authorize({ id }) {
    parentPort?.postMessage(id)
    return true
  },
})

parentPort?.postMessage(server.port)
