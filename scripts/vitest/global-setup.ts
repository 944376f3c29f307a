import type { TestProject } from 'vitest/node'
import { startPeerServer } from './peer-server.ts'

/**
 * One real PeerServer for the whole run. A test reads where it listens and picks ids of its own:
 *
 * ```ts
 * import { inject } from 'vitest'
 * const peer = createPeer(uuid(), { server: { ...inject('peerServer'), secure: false }, iceServers: [] })
 * ```
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { host, port, path, stop } = await startPeerServer()
  project.provide('peerServer', { host, port, path })
  return stop
}
