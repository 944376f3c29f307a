/** The signalling server of all contestants that speak PeerServer's protocol, in a process of its own. */
import { createSignallingServer } from '@nanopeer/server'

process.once('disconnect', () => process.exit())
const server = await createSignallingServer({
  host: process.argv[2] ?? '127.0.0.1',
  port: 0,
  // A flood of guesses comes from many addresses, which there are none of here.
  limits: { pairingsPerMinute: 1_000_000 },
})
process.send?.({ ready: server.port })
