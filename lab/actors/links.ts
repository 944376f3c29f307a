const live = new Set<RTCPeerConnection>()

/** Keeps hold of every WebRTC connection that is made from now on, for {@link cutLinks}. */
export const keepLinks = (): void => {
  const Given = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Given {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      live.add(this)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'closed') live.delete(this)
      })
    }
  }
}

/** At once, whatever of it is still shown: nanopeer keeps one open for its last picture. */
const end = (connection: RTCPeerConnection): void => {
  const { close } = Object.getPrototypeOf(connection) as RTCPeerConnection
  close.call(connection)
}

/** Tears every WebRTC connection down, in the middle of whatever it does. Returns how many there were. */
export const cutLinks = (): number => {
  const cut = [...live].filter((connection) => connection.connectionState === 'connected')
  live.clear()
  for (const connection of cut) end(connection)
  return cut.length
}
