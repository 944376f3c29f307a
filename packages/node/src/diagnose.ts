import { type DiagnoseOptions, type Diagnosis, diagnose as diagnoseInCore } from '@nanopeer/core'
import { installGlobals } from './globals'

/**
 * Ports that no service is registered for (RFC 6335 §6), above those that Linux gives to whoever asks for any (32768 to
 * 60999, `ip_local_port_range`).
 */
const firstPort = 61_000
const portCount = 4_536

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
