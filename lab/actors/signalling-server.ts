import { once } from 'node:events'
import { serverAddress } from '../network/internet'
import type { Namespace } from '../network/namespaces'
import { builtScript } from './scripts'

const script = builtScript('signalling-server-process')

export const signallingPort = 9000

/** Whose signalling server: nanopeer's own, or PeerServer, which nanopeer has to get along with. */
export type SignallingKind = '@nanopeer/server' | 'PeerServer'

/** A signalling server on the internet. */
export interface SignallingServer {
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a signalling server at the address that every actor is told. Resolves when it listens. */
export const startSignallingServer = async (
  internet: Namespace,
  kind: SignallingKind = '@nanopeer/server',
): Promise<SignallingServer> => {
  const child = internet.spawn(process.execPath, [script, kind, serverAddress, String(signallingPort)], {
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
