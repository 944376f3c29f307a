/** A page that is an end of connections, and says how each of them went. */
import { createPeer, type ServerOptions } from '@nanopeer/core'

export interface Scenario {
  readonly id: string
  readonly server: ServerOptions
  readonly secret?: string
  /** The device to ask; absent where this page is the device. */
  readonly ask?: string
  /** Ms for the answer. */
  readonly patience: number
}

const scenarios = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Scenario[]

const run = async (
  { id, server, secret, ask, patience }: Scenario,
  say: (words: object) => Promise<unknown>,
) => {
  const peer = createPeer(id, { server, secret, iceServers: [], accept: 'anyone', onError: () => {} })
  peer.handle('read', () => {
    void say({ ran: true })
    return 'the contents of a file'
  })
  await peer.open()
  await say({ open: true })
  if (!ask) return
  const connection = peer.connect(ask, { timeout: 4000 })
  await say({ answer: await connection.request('read', 'please', { timeout: patience }) })
}

for (const [scenario, settings] of scenarios.entries()) {
  const say = (words: object) => fetch('/', { method: 'POST', body: JSON.stringify({ scenario, ...words }) })
  run(settings, say).catch(({ name, code, message }) => say({ error: { name, code, message } }))
}
