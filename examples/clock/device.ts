import { createPeer } from '@nanopeer/node'
import { getTime, server } from './contract'

const peer = createPeer('clock', { server, accept: 'anyone' })
const now = () => ({ time: new Date().toISOString() })

peer.handle(getTime, now)

// Old pages: messages without a name, answered by a message.
const heard = new WeakSet()
peer.$connections.subscribe((connections) => {
  for (const connection of connections) {
    if (heard.has(connection)) continue
    heard.add(connection)
    connection.onMessage(() => connection.send(now()).catch(console.warn))
  }
})

await peer.open()
console.log('The clock is open.')
