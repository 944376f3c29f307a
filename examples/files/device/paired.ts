import type { Known, KnownRemote, Peer, Remote } from '@nanopeer/core'
import type { DeviceLog } from './log'

/** Those who have paired with this device: pages, by the key of their browser. */
export interface Paired {
  /** For the peer's `accept`: whatever id a tab has, its browser's key is what counts. */
  accept(remote: Remote): Promise<boolean>
  /** Shows a new code. Resolves when there is one. */
  show(peer: Peer): Promise<{ readonly code: string; readonly qr: string }>
  /** Whether this is the key of one of them. */
  has(key: unknown): Promise<boolean>
  /** Who may come in, the first that was paired first. */
  list(): Promise<readonly KnownRemote[]>
}

export const createPaired = (known: Known, log: DeviceLog): Paired => {
  const list = async () => known.list()
  const has = async (key: unknown) => (await list()).some((remote) => remote.key === key)
  return {
    list,
    has,
    accept: ({ key }) => has(key),
    async show(peer) {
      const { $state, done, replace } = peer.pair()
      done.then(
        ({ key }) => log.info(`paired with ${key.slice(0, 8)}`),
        ({ message }) => log.warning(`no pairing: ${message}`),
      )
      return new Promise((resolve, reject) => {
        const unlisten = $state.listen((state) => {
          if (state.status === 'waiting') resolve({ code: state.code, qr: state.qr })
          // An id with a new key, such as the camera's from another browser: whoever has it knew the code.
          if (state.status === 'asking') replace()
          if (state.status === 'failed') reject(state.error)
          if (state.status === 'paired' || state.status === 'failed') unlisten()
        })
      })
    },
  }
}
