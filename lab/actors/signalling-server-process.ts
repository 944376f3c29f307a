/** The process of a signalling server: whose, on which address and port, are its arguments. */
import { createSignallingServer } from '@nanopeer/server'
import { PeerServer } from 'peer'

const [kind, host, port] = process.argv.slice(2)
const options = { host, port: Number(port), path: '/' }
const ready = () => process.send?.('ready')

process.once('disconnect', () => process.exit())
if (kind === 'PeerServer') PeerServer(options, ready)
else createSignallingServer(options).then(ready)
