/** The PeerServer's process, on the address and port given as arguments. */
import { PeerServer } from 'peer'

const [host, port] = process.argv.slice(2)
process.once('disconnect', () => process.exit())
PeerServer({ host, port: Number(port), path: '/' }, () => process.send?.('ready'))
