/** A page that is one client of the signalling server: nanopeer, or PeerJS as its users have it. It says back what it hears. */
import { type Connection, createPeer } from '@nanopeer/core'
import { type DataConnection, Peer as PeerjsPeer } from 'peerjs'

/** Whose client a page is. */
export type ClientKind = 'nanopeer' | 'PeerJS'

/** Where both libraries find the server, by PeerJS's names. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly path: string
  readonly secure: boolean
}

interface Client {
  /** Whether it is registered. */
  isOpen(): boolean
  /** Dials, and says something as soon as there is a link. */
  say(kind: ClientKind, remoteId: string, text: string): void
}

const heard: string[] = []
const offers: string[] = []

const send = WebSocket.prototype.send
WebSocket.prototype.send = function (data) {
  send.call(this, data)
  const { type, dst } = JSON.parse(String(data))
  if (type === 'OFFER') offers.push(dst)
}

const joinNanopeer = (id: string, server: Address): Client => {
  const peer = createPeer(id, { server, iceServers: [], accept: 'anyone', onError() {} })
  const known = new Set<Connection>()
  const listen = (connection: Connection) => {
    if (known.has(connection)) return
    known.add(connection)
    connection.onMessage((text) => {
      heard.push(String(text))
      if (!String(text).startsWith('echo of ')) void connection.send(`echo of ${text}`)
    })
  }
  peer.$connections.subscribe((connections) => {
    for (const connection of connections) listen(connection)
  })
  return {
    isOpen: () => peer.$status.get().state === 'open',
    say(kind, remoteId, text) {
      const connection = peer.connect(remoteId, kind === 'PeerJS' ? { protocol: 'plain' } : {})
      listen(connection)
      void connection.send(text)
    },
  }
}

const joinPeerjs = (id: string, server: Address): Client => {
  const peer = new PeerjsPeer(id, { ...server, config: { iceServers: [] } })
  // Every application of PeerJS has to do this by itself.
  peer.on('disconnected', () => peer.reconnect())
  // That the server is gone is said by both events.
  peer.on('error', ({ type }) => type !== 'network' && heard.push(`error: ${type}`))
  const listen = (connection: DataConnection) =>
    connection.on('data', (text) => {
      heard.push(String(text))
      if (!String(text).startsWith('echo of ')) connection.send(`echo of ${text}`)
    })
  peer.on('connection', listen)
  return {
    isOpen: () => peer.open,
    say(_kind, remoteId, text) {
      const connection = peer.connect(remoteId, { reliable: true })
      listen(connection)
      connection.on('open', () => connection.send(text))
    },
  }
}

let client: Client

export const signallingClient = {
  /** What others said to this page, and the errors of PeerJS. */
  heard,
  /** To whom it has sent offers. */
  offers,
  join(kind: ClientKind, id: string, server: Address) {
    client = kind === 'nanopeer' ? joinNanopeer(id, server) : joinPeerjs(id, server)
  },
  isOpen: () => client.isOpen(),
  say: (...given: Parameters<Client['say']>) => client.say(...given),
}

declare global {
  var signalling: typeof signallingClient
}

globalThis.signalling = signallingClient
