/** Bare PeerJS that asks a nanopeer device, in the envelopes of article-style wrappers. */
import type { DataConnection } from 'peerjs'
import type { Asker, Contestant } from './contestant'
import { dialPeerjs } from './peerjs'

interface Envelope {
  readonly request: { readonly id: string }
  readonly response: { readonly body: { readonly data: unknown } }
}

function askOn(connection: DataConnection): Asker {
  const echoes = new Map<string, (value: unknown) => void>()
  let count = 0
  connection.on('data', (data) => {
    const { request, response } = data as Envelope
    echoes.get(request.id)?.(response.body.data)
    echoes.delete(request.id)
  })
  const noBulk = () => Promise.reject(new Error('This contestant only echoes.'))
  return {
    echo(value) {
      const id = String(++count)
      connection.send({ action: 'echo', request: { id, body: value }, response: {} })
      return new Promise((resolve) => echoes.set(id, resolve))
    },
    download: noBulk,
    upload: noBulk,
    close: async () => connection.close(),
  }
}

export const peerjsEnvelope: Contestant = {
  answer: () => Promise.reject(new Error('This contestant only asks.')),
  ask: (meeting) => dialPeerjs(meeting, 'json', askOn),
}
