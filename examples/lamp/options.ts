import { loadIdentity, localKnown, type PeerOptions } from '@nanopeer/core'

export const known = localKnown()

export const options: PeerOptions = {
  server: { host: location.hostname, port: Number(location.port), secure: true },
  identity: loadIdentity(),
  known,
}
