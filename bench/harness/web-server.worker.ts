/** The web server in a process of its own, for machines that are not this one. */
import { startWebServer } from './web-server'

process.once('disconnect', () => process.exit())
const { port } = await startWebServer(process.argv[2] ?? '127.0.0.1', new URL('..', import.meta.url))
process.send?.({ ready: port })
