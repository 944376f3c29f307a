import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { prepareWebrtc } from './webrtc'

/** Counts what this process has open, from now until the test ends. */
export interface Census {
  /** `RTCPeerConnection`s made since and not closed. */
  peerConnections(): number
  /** TCP sockets, of which each `WebSocket` has one, made since and not closed. */
  sockets(): number
}

export const takeCensus = async (): Promise<Census> => {
  await prepareWebrtc()
  const { RTCPeerConnection } = globalThis
  const peerConnections: RTCPeerConnection[] = []
  const sockets: Socket[] = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config?: RTCConfiguration) {
      super(config)
      peerConnections.push(this)
    }
  }
  const dialled = (message: unknown) => {
    sockets.push((message as { readonly socket: Socket }).socket)
  }
  subscribe('net.client.socket', dialled)
  onTestFinished(() => {
    Object.assign(globalThis, { RTCPeerConnection })
    unsubscribe('net.client.socket', dialled)
  })
  return {
    peerConnections: () =>
      peerConnections.filter(({ connectionState }) => connectionState !== 'closed').length,
    sockets: () => sockets.filter(({ closed }) => !closed).length,
  }
}
