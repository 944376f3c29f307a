/** The signalling server, in a process of its own, on the first port that is free. */
import { createSignallingServer } from '@nanopeer/server'
import { endWithParent } from './child.mjs'

const host = '127.0.0.1'
const first = Number(process.env.SIGNALLING_PORT)
/** The last port that is tried; 0 is any free one already. */
const last = first === 0 ? 0 : first + 19

/** All pages, and the device, come from one address here. */
const limits = { pairingsPerMinute: 300 }

/** @type {import('@nanopeer/server').SignallingServer | null} */
let server = null
endWithParent(async () => server?.close())

server = await start()
const failed = `Every port from ${first} to ${last} is taken: SIGNALLING_PORT names another first one.`
process.send?.(server ? { ready: { host, port: server.port } } : { failed })

async function start() {
  for (let port = first; port <= last; port++) {
    try {
      return await createSignallingServer({ host, port, limits })
    } catch (error) {
      const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error)
      if (!['EADDRINUSE', 'EACCES'].includes(code)) throw error
    }
  }
  return null
}
