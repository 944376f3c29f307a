import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

/** A stranger with a socket to the signalling server and no PeerJS: sends what it likes. */
export interface RawClient {
  readonly id: string
  readonly received: { type: string; src?: string; payload?: Record<string, unknown> }[]
  send(message: object): void
  close(): Promise<void>
}

/** Registers `id` with a token of its own, or of somebody else. */
export const registerRaw = async (port: number, id: string, token = 'raw'): Promise<RawClient> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${token}`)
  const received: RawClient['received'] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data))))
  await once(socket, 'open')
  const close = async () => {
    if (socket.readyState === WebSocket.CLOSED) return
    socket.close()
    await once(socket, 'close')
  }
  onTestFinished(close)
  return { id, received, send: (message) => socket.send(JSON.stringify(message)), close }
}
