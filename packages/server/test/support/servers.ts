import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createSignallingServer, type SignallingServer, type SignallingServerOptions } from '../../src/index'

/** Starts our server on a free port of this machine, until the test is over. */
export const startServer = async (options: SignallingServerOptions = {}): Promise<SignallingServer> => {
  const server = await createSignallingServer({ port: 0, host: '127.0.0.1', ...options })
  onTestFinished(() => server.close())
  return server
}

/** Either of the two servers that speak the protocol. */
export interface ProtocolServer {
  readonly name: string
  readonly isOurs: boolean
  /** Starts one until the test is over. @returns its port */
  start(options?: ProtocolOptions): Promise<number>
}

/** What the protocol suite sets, in ms. */
export interface ProtocolOptions {
  readonly expire?: number
  readonly discovery?: boolean
  readonly clients?: number
}

const peerServerFile = fileURLToPath(new URL('./peer-server.mjs', import.meta.url))

/** PeerServer, in a process of its own: it never clears its timers, and some frames end it. */
const peerServer: ProtocolServer = {
  name: 'peer 1.0.2',
  isOurs: false,
  async start({ expire = 5_000, discovery = false, clients = 5_000 } = {}) {
    const options = { expire_timeout: expire, allow_discovery: discovery, concurrent_limit: clients }
    const child = fork(peerServerFile, [JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [port] = (await once(child, 'message')) as [number]
    return port
  },
}

const ours: ProtocolServer = {
  name: '@nanopeer/server',
  isOurs: true,
  async start({ expire = 5_000, discovery = false, clients = 5_000 } = {}) {
    const server = await startServer({ timeouts: { expire }, discovery, limits: { clients } })
    return server.port
  },
}

export const protocolServers = [peerServer, ours] as const
