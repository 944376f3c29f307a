/** A PeerServer in a process of its own: inside another it never clears its timers. */
import { createServer } from 'node:net'
import { PeerServer } from 'peer'
import { endWithParent } from './child.mjs'

const host = '127.0.0.1'
const first = Number(process.env.PEER_SERVER_PORT)

/** How many ports are tried, from the first one on. */
const tries = 20

endWithParent(async () => {})

const port = first === 0 ? 0 : await freePort()
PeerServer({ host, port, path: '/' }, (server) => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.({ ready: { host, port: address.port } })
})

async function freePort() {
  for (let port = first; port < first + tries; port++) if (await isFree(port)) return port
  const failed = `Every port from ${first} to ${first + tries - 1} is taken: PEER_SERVER_PORT names another first one.`
  process.send?.({ failed })
  return new Promise(() => {})
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}
