import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

interface Message {
  readonly action: 'follow' | 'leave' | 'publish'
  readonly topic: string
}

/** Publish and subscribe over WebSocket, under `/relay`: signalling for the contestants that do not speak PeerServer's protocol. */
export function serveRelay(server: Server): () => void {
  const sockets = new WebSocketServer({ server, path: '/relay', perMessageDeflate: false })
  const followers = new Map<string, Set<WebSocket>>()
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = String(data)
      const { action, topic } = JSON.parse(text) as Message
      const ofTopic = followers.get(topic) ?? new Set()
      followers.set(topic, ofTopic)
      if (action === 'publish') {
        for (const follower of ofTopic) if (follower !== socket) follower.send(text)
      } else if (action === 'leave') ofTopic.delete(socket)
      else {
        ofTopic.add(socket)
        // The answer says that nothing published from now on is missed.
        socket.send(text)
      }
    })
    socket.on('close', () => {
      for (const ofTopic of followers.values()) ofTopic.delete(socket)
    })
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}
