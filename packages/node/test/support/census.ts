import { onTestFinished } from 'vitest'
import { installGlobals } from '../../src/globals'

/** Counts what this process has open, from now until the test ends. */
export interface Census {
  /** `RTCPeerConnection`s made since and not closed. */
  peerConnections(): number
  /** `WebSocket`s made since and not closed. */
  sockets(): number
}

export const takeCensus = async (): Promise<Census> => {
  await installGlobals()
  const { RTCPeerConnection, WebSocket } = globalThis
  const peerConnections: RTCPeerConnection[] = []
  const sockets: WebSocket[] = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config?: RTCConfiguration) {
      super(config)
      peerConnections.push(this)
    }
  }
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      sockets.push(this)
    }
  }
  onTestFinished(() => {
    Object.assign(globalThis, { RTCPeerConnection, WebSocket })
  })
  return {
    peerConnections: () =>
      peerConnections.filter(({ connectionState }) => connectionState !== 'closed').length,
    sockets: () => sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED).length,
  }
}
