import { parentPort, workerData } from 'node:worker_threads'
import { PeerServer } from 'peer'

const peerServer = PeerServer({ host: workerData.host, port: workerData.port, path: '/' }, (server) => {
  const address = server.address()
  if (address && typeof address === 'object') parentPort?.postMessage(address.port)
})

peerServer.on('connection', (client) => parentPort?.postMessage(client.getId()))
