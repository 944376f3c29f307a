/** Shows how a peer is, which registers with the server in the page's address. */
import { createPeer } from '@nanopeer/core'

const server = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const peer = createPeer(crypto.randomUUID(), { server, iceServers: [] })
peer.$status.subscribe(({ state, error }) => {
  document.querySelector('p').textContent = error ? `${state}: ${error.message}` : state
})
