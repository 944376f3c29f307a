import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** A real signalling server on this machine, without TLS. */
export interface RunningSignallingServer {
  readonly host: string
  readonly port: number
  readonly path: string
  /** Every id that somebody asked for, in order, once for each time. */
  readonly registrations: readonly string[]
  /** Ends it at once: every socket drops, as when the server crashes. */
  stop(): Promise<void>
}

const workerFile = new URL('./signalling-server.worker.mjs', import.meta.url)

/**
 * Starts the built `@nanopeer/server` on 127.0.0.1, in a worker thread: what else goes on in a process that runs tests
 * would make signalling wait.
 *
 * @param port the TCP port, to come back where an earlier one stood
 * @default port a free one
 * @throws when the port is taken
 */
export async function startSignallingServer(port = 0): Promise<RunningSignallingServer> {
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
