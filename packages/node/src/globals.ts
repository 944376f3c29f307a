import { isMainThread } from 'node:worker_threads'
import { NanopeerError } from '@nanopeer/core'
import { standardPeerConnection } from './peer-connection'

/**
 * Puts WebRTC into the global scope, where PeerJS looks for it when it is loaded. What is there already stays.
 *
 * @throws `NanopeerError` `UNSUPPORTED` where node-datachannel has no native binary for this machine, and in a worker thread.
 */
export const installGlobals = async (): Promise<void> => {
  if (globalThis.RTCPeerConnection) return
  refuseWorker()
  const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, RTCError } = await loadWebrtc()
  Object.assign(globalThis, {
    RTCPeerConnection: standardPeerConnection(RTCPeerConnection),
    RTCSessionDescription,
    RTCIceCandidate,
    // node-datachannel itself looks for this one in the global scope when a channel fails.
    RTCError,
  })
}

/** node-datachannel calls back into the thread that it was loaded in; when a worker ends, that ends the whole process. */
const refuseWorker = () => {
  if (isMainThread) return
  throw new NanopeerError(
    'UNSUPPORTED',
    'node-datachannel cannot be used in a worker thread: it would end the whole process along with the thread. Make the ' +
      'peer in the main thread, or in a process of its own (child_process.fork).',
  )
}

const loadWebrtc = async () => {
  try {
    return await import('node-datachannel/polyfill')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new NanopeerError(
      'UNSUPPORTED',
      `The package "node-datachannel" could not load its native binary, so this process has no WebRTC. Install it ` +
        `with its optional dependencies, on a platform it supports; this one is ${process.platform}-${process.arch}. ` +
        `(${reason})`,
      { cause: error },
    )
  }
}
