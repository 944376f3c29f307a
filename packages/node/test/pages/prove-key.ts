/** A page that asks a device whose key it has pinned, is loaded again, and asks once more. */
import { createPeer, loadIdentity, type ServerOptions } from '@nanopeer/core'

export interface Scene {
  readonly id: string
  readonly server: ServerOptions
  /** The device's id, its key, and one that it does not have. */
  readonly device: string
  readonly key: string
  readonly otherKey: string
}

const scene = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Scene
const visit = sessionStorage.getItem('visit') ?? 'first'

const say = (words: object) => fetch('/', { method: 'POST', body: JSON.stringify({ visit, ...words }) })

const run = async ({ id, server, device, key, otherKey }: Scene) => {
  const identity = await loadIdentity()
  const peer = createPeer(`${id}-${visit}`, { server, identity, iceServers: [], onError: () => {} })
  const wrong = await peer
    .connect(device, { key: otherKey })
    .request('who')
    .catch((error) => ({ code: error.code, ...error.cause }))
  const remote = await peer.connect(device, { key }).request('who', undefined, { timeout: 30_000 })
  await peer.destroy()
  const { created, kept } = identity
  await say({ key: identity.key, created, kept, wrong, remote })
  if (visit !== 'first') return
  sessionStorage.setItem('visit', 'second')
  location.reload()
}

run(scene).catch(({ name, code, message }) => say({ error: { name, code, message } }))
