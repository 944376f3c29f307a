/** The other end: `npm run device` shares the names of the files in this folder. */
import { readdir, stat } from 'node:fs/promises'
import { createPeer, generateSecret } from '@nanopeer/node'
import { iceServers, listFiles } from './src/lib/actions'

// Whoever knows it is served. NAS_SECRET keeps it the same from start to start.
const secret = process.env.NAS_SECRET ?? generateSecret()
const server = { host: '127.0.0.1', port: Number(process.env.SIGNALLING_PORT ?? 9000) }
const peer = createPeer('nas', { server, secret, iceServers })

peer.handle(listFiles, async () => {
  const names = (await readdir('.')).filter((name) => !name.startsWith('.'))
  return Promise.all(names.map(async (name) => ({ name, size: (await stat(name)).size })))
})

await peer.open()
console.log(`The device is open. Its page: http://localhost:5173/#secret=${secret}`)
