import { NanopeerError } from '@nanopeer/core'
import { standardPeerConnection } from './peer-connection'

/** A closing socket waits 1 s, not 30, for a server that no longer answers: it would keep the process running. */
const socketOptions = { closeTimeout: 1_000, perMessageDeflate: false }

/**
 * Puts WebRTC and WebSocket into the global scope, where PeerJS looks for them when it is loaded. What is there
 * already stays.
 *
 * @throws `NanopeerError` `UNSUPPORTED` where node-datachannel has no native binary for this machine.
 */
export const installGlobals = async (): Promise<void> => {
  if (!globalThis.RTCPeerConnection) {
    const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, RTCError } = await loadWebrtc()
    Object.assign(globalThis, {
      RTCPeerConnection: standardPeerConnection(RTCPeerConnection),
      RTCSessionDescription,
      RTCIceCandidate,
      // node-datachannel itself looks for this one in the global scope when a channel fails.
      RTCError,
    })
  }
  globalThis.WebSocket ??= await loadWebSocket()
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

const loadWebSocket = async () => {
  const { WebSocket } = await import('ws')
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url, socketOptions)
      // PeerJS learns of every failure from `close`; an `error` that nobody hears would end the process.
      this.on('error', () => {})
    }
  } as unknown as typeof globalThis.WebSocket
}
