import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** A real PeerServer on this machine, without TLS. */
export interface RunningPeerServer {
  readonly host: string
  readonly port: number
  readonly path: string
  /** Every id that has registered, in order, once for each time. */
  readonly registrations: readonly string[]
  /** Ends it at once: every socket drops, as when the server crashes. */
  stop(): Promise<void>
}

const workerFile = new URL('./peer-server.worker.mjs', import.meta.url)

/**
 * Starts a PeerServer on 127.0.0.1 in a worker thread: in-process it never clears its timers.
 *
 * @param port the TCP port, to come back where an earlier one stood
 * @default port a free one
 * @throws when the port is taken
 */
export async function startPeerServer(port = 0): Promise<RunningPeerServer> {
  const host = '127.0.0.1'
  const worker = new Worker(workerFile, { workerData: { host, port } })
  const [actualPort] = (await once(worker, 'message')) as [number]
  const registrations: string[] = []
  worker.on('message', (id: string) => registrations.push(id))
  worker.unref()
  return {
    host,
    port: actualPort,
    path: '/',
    registrations,
    stop: async () => {
      await worker.terminate()
    },
  }
}
