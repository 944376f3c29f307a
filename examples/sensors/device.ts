import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, freemem, loadavg } from 'node:os'
import { createPeer, generateSecret, share } from '@nanopeer/node'
import { map } from 'nanostores'
import { type Readings, readings, server } from './contract'

const $readings = map<Readings>({ load: 0, free: freemem(), every: 1 })

function read() {
  const [minute = 0] = loadavg()
  $readings.setKey('load', minute / availableParallelism())
  $readings.setKey('free', freemem())
  setTimeout(read, $readings.get().every * 1000)
}
read()

// Made once, for this user's eyes: pages that know it go on after a restart.
if (!existsSync('secret.txt')) writeFileSync('secret.txt', generateSecret(), { mode: 0o600 })
const secret = readFileSync('secret.txt', 'utf8')
const peer = createPeer('sensors', { server, secret })

share(peer, readings, $readings, {
  write: ({ remote, now, next }) =>
    remote.authenticated &&
    next.every >= 1 &&
    next.every <= 10 &&
    next.load === now.load &&
    next.free === now.free,
})

await peer.open()
console.log(`Open http://localhost:5173/#secret=${secret}`)
