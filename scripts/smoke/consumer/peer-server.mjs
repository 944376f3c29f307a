import { parentPort } from 'node:worker_threads'
import { PeerServer } from 'peer'

PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => {
  const address = server.address()
  if (address && typeof address === 'object') parentPort?.postMessage(address.port)
})
