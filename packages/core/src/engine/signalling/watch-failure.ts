/**
 * Calls back when a connection fails below ICE. PeerJS watches ICE alone and misses a DTLS handshake that is refused.
 *
 * @returns its undo.
 */
export const watchFailure = (peerConnection: RTCPeerConnection | null, failed: () => void): (() => void) => {
  const onChange = () => {
    const state = peerConnection?.connectionState
    if (state === 'failed' || state === 'closed') failed()
  }
  peerConnection?.addEventListener('connectionstatechange', onChange)
  return () => peerConnection?.removeEventListener('connectionstatechange', onChange)
}
