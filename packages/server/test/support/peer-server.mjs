/** PeerServer on a free port, which it says to its parent. Its options are JSON, as the one argument. */
import { PeerServer } from 'peer'

process.once('disconnect', () => process.exit())
const options = JSON.parse(process.argv[2] ?? '{}')
PeerServer({ host: '127.0.0.1', port: 0, path: '/', cleanup_out_msgs: 20, ...options }, (server) => {
  process.send?.(server.address().port)
})
