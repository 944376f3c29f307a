/** A page that is an end of connections, and says how each of them went. */
import { createPeer, loadIdentity, type ServerOptions } from '@nanopeer/core'

export interface Scenario {
  readonly id: string
  readonly server: ServerOptions
  readonly secret?: string
  /** The page has a key of its own, and says it. */
  readonly hasKey?: boolean
  /** The key of the device that is asked, as the page has pinned it. */
  readonly pinned?: string
  /** The device to ask; absent where this page is the device. */
  readonly ask?: string
  /** Ms for the answer. */
  readonly patience: number
}

const scenarios = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Scenario[]

const run = async (
  { id, server, secret, hasKey, pinned, ask, patience }: Scenario,
  say: (words: object) => Promise<unknown>,
) => {
  const identity = hasKey ? await loadIdentity(id) : undefined
  const peer = createPeer(id, {
    server,
    secret,
    identity,
    iceServers: [],
    accept: 'anyone',
    onError: () => {},
  })
  peer.handle('read', () => {
    void say({ ran: true })
    return 'the contents of a file'
  })
  await peer.open()
  await say({ open: true, key: identity?.key })
  if (!ask) return
  const connection = peer.connect(ask, { timeout: 4000, key: pinned })
  await say({ answer: await connection.request('read', 'please', { timeout: patience }) })
}

for (const [scenario, settings] of scenarios.entries()) {
  const say = (words: object) => fetch('/', { method: 'POST', body: JSON.stringify({ scenario, ...words }) })
  run(settings, say).catch(({ name, code, message }) => say({ error: { name, code, message } }))
}
