/** Puts WebRTC and WebSocket into a Node process's global scope, for those that bring none of their own. */
export async function installGlobals(): Promise<void> {
  const [{ RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }, { WebSocket }] = await Promise.all([
    import('node-datachannel/polyfill'),
    import('ws'),
  ])
  Object.assign(globalThis, { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, WebSocket })
}
