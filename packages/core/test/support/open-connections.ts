/** The page's `RTCPeerConnection`s from here on that nobody has closed; a closed one is not held on to. */
export const watchOpenConnections = (): ReadonlySet<RTCPeerConnection> => {
  const open = new Set<RTCPeerConnection>()
  const Native = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      open.add(this)
    }

    override close() {
      super.close()
      open.delete(this)
    }
  }
  return open
}
