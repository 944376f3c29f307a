import { once } from 'node:events'
import { serverAddress } from '../network/internet'
import type { Namespace } from '../network/namespaces'
import { builtScript } from './scripts'

const script = builtScript('peer-server-process')

export const peerServerPort = 9000

/** A PeerServer on the internet. */
export interface PeerServer {
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a PeerServer at the address that every actor is told. Resolves when it listens. */
export const startPeerServer = async (internet: Namespace): Promise<PeerServer> => {
  const child = internet.spawn(process.execPath, [script, serverAddress, String(peerServerPort)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return {
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
