import { type DiagnoseOptions, type Diagnosis, diagnose as diagnoseInCore } from '@nanopeer/core'
import { installGlobals } from './globals'

/** Ports that no service is registered for. Source: https://www.rfc-editor.org/rfc/rfc6335#section-6 */
const firstPort = 49_152
const portCount = 16_384

interface PortRange {
  readonly portRangeBegin: number
  readonly portRangeEnd: number
}

/**
 * Finds out why devices can, or cannot, reach this process: core's `diagnose`, with WebRTC for Node.
 *
 * Rejects with `UNSUPPORTED` where node-datachannel has no native binary. node-datachannel reports no error codes: a
 * server that fails just does not answer.
 */
export const diagnose = async (options: DiagnoseOptions = {}): Promise<Diagnosis> => {
  await installGlobals()
  const port = firstPort + Math.floor(Math.random() * portCount)
  // Of node-datachannel's own configuration, which its `RTCPeerConnection` takes as well.
  const fixedPort: RTCConfiguration & PortRange = { portRangeBegin: port, portRangeEnd: port }
  return diagnoseInCore(options, { askEach: fixedPort })
}
