/** One server in a process of its own, which says its port: `node servers.mjs peer`, or `ours` with the URL of a Redis. */
import { PeerServer } from 'peer'
import { createSignallingServer, redisEngine } from '../../packages/server/dist/index.js'

process.once('disconnect', () => process.exit())
const [kind, redis] = process.argv.slice(2)
if (kind === 'peer') {
  const options = { host: '127.0.0.1', port: 0, path: '/', concurrent_limit: 1_000_000 }
  PeerServer(options, (server) => {
    const address = server.address()
    process.send?.({ port: typeof address === 'object' ? address?.port : undefined })
  })
} else {
  const most = 1_000_000
  const server = await createSignallingServer({
    host: '127.0.0.1',
    port: 0,
    engine: redis ? redisEngine({ urls: redis }) : undefined,
    // What is measured is the work, not how clients are slowed down.
    limits: { clients: most, perAddress: most, messagesPerSecond: most, registrationsPerSecond: most },
  })
  process.send?.({ port: server.port })
}
// Idle memory is what lives: garbage that no collection has found yet is not counted.
process.on('message', () => {
  globalThis.gc?.()
  process.send?.({ rss: process.memoryUsage.rss() })
})
