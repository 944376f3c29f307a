/** A PeerServer in a process of its own: in-process it never clears its timers. */
import { PeerServer } from 'peer'

process.once('disconnect', () => process.exit())
PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.({ ready: address.port })
})
