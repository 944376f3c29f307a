import { NanopeerError } from '@nanopeer/core'

/** Puts WebRTC and WebSocket into the global scope, where PeerJS looks for them when it is loaded. */
export const installGlobals = async (): Promise<void> => {
  const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = await loadWebrtc()
  Object.assign(globalThis, { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate })
  const { WebSocket } = await import('ws')
  globalThis.WebSocket ??= class extends WebSocket {
    constructor(url: string) {
      super(url)
      // PeerJS learns of every failure from `close`; an `error` that nobody hears would end the process.
      this.on('error', () => {})
    }
  } as unknown as typeof globalThis.WebSocket
}

const loadWebrtc = async () => {
  try {
    return await import('node-datachannel/polyfill')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new NanopeerError(
      'UNSUPPORTED',
      `The native binary of the package "node-datachannel" could not be loaded, so this process has no WebRTC. ` +
        `Install node-datachannel with its optional dependencies for ${process.platform}-${process.arch}. (${reason})`,
      { cause: error },
    )
  }
}
