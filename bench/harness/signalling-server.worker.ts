/** The signalling server of all contestants that speak PeerServer's protocol, in a process of its own. */
import { createSignallingServer } from '@nanopeer/server'

process.once('disconnect', () => process.exit())
const server = await createSignallingServer({
  host: process.argv[2] ?? '127.0.0.1',
  port: 0,
  // Floods and crowds come from many addresses, which there are none of here.
  limits: { pairingsPerMinute: 1_000_000, perAddress: 10_000 },
  operations: { port: 0 },
})

/** Answers each message with how many messages the server has taken. */
process.on('message', async () => {
  const metrics = await fetch(`http://127.0.0.1:${server.operationsPort}/metrics`)
  const [, received] = /^nanopeer_messages_total (\d+)/m.exec(await metrics.text()) ?? []
  process.send?.({ received: Number(received) })
})
process.send?.({ ready: server.port })
