/** The other end: `npm run device` shares the names of the files in this folder. */
import { readdir, stat } from 'node:fs/promises'
import { createPeer } from '@nanopeer/node'
import { iceServers, listFiles, secret } from './shared/actions'

const server = { host: '127.0.0.1', port: Number(process.env.PEER_SERVER_PORT ?? 9000) }
const peer = createPeer('nas', { server, secret, iceServers })

peer.handle(listFiles, async () => {
  const names = await readdir('.')
  return Promise.all(names.map(async (name) => ({ name, size: (await stat(name)).size })))
})

await peer.open()
console.log('The device is open.')
