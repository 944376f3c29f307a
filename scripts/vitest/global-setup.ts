import type { TestProject } from 'vitest/node'
import { startSignallingServer } from './signalling-server.ts'

/**
 * One real signalling server for the whole run. A test reads where it listens and picks ids of its own:
 *
 * ```ts
 * import { inject } from 'vitest'
 * const peer = createPeer(uuid(), { server: { ...inject('signallingServer'), secure: false }, iceServers: [] })
 * ```
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { host, port, path, stop } = await startSignallingServer()
  project.provide('signallingServer', { host, port, path })
  return stop
}
