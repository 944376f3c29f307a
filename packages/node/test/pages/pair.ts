/** A page that pairs: by the code that it is given, or by one that it shows. */
import { createPeer, loadIdentity, type Pairing, type ServerOptions } from '@nanopeer/core'

export interface PairingScenario {
  readonly id: string
  readonly server: ServerOptions
  /** Absent where this page shows one. */
  readonly code?: string
}

const scenarios = JSON.parse(decodeURIComponent(location.hash.slice(1))) as PairingScenario[]

const run = async (
  { id, server, code }: PairingScenario,
  say: (words: object) => Promise<unknown>,
): Promise<void> => {
  const identity = await loadIdentity(id)
  const peer = createPeer(id, { server, identity, iceServers: [], onError: () => {} })
  await say({ key: identity.key })
  const pairing: Pairing = code === undefined ? peer.pair() : peer.join(code)
  const unlisten = pairing.$state.subscribe((state) => {
    if (state.status === 'waiting') void say({ code: state.code, qr: state.qr })
  })
  await say({ paired: await pairing.done.finally(unlisten) })
}

for (const [scenario, settings] of scenarios.entries()) {
  const say = (words: object) => fetch('/', { method: 'POST', body: JSON.stringify({ scenario, ...words }) })
  run(settings, say).catch(({ name, code, message }) => say({ error: { name, code, message } }))
}
