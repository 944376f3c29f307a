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

/** Closes it at once, whatever of it is still shown (`engine/media/kept-open.ts`). */
export const cut = (connection: RTCPeerConnection): void => {
  const { close } = Object.getPrototypeOf(connection) as RTCPeerConnection
  close.call(connection)
}
