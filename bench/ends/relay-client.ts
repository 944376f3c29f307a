/** One end of the relay: text by topic, to everybody else who follows it. */
export interface RelayClient {
  publish(topic: string, text: string): void
  /** Resolves when the relay knows of it. Returns its undo. */
  follow(topic: string, listener: (text: string) => void): Promise<() => void>
  close(): void
}

type Message = {
  readonly topic: string
  readonly text?: string
  readonly action: 'follow' | 'leave' | 'publish'
}

/** Connects to the relay of `harness/relay.ts`. */
export async function connectRelay(url: string): Promise<RelayClient> {
  const socket = new WebSocket(url)
  const listeners = new Map<string, Set<(text: string) => void>>()
  const followed = new Map<string, () => void>()
  socket.addEventListener('message', ({ data }) => {
    const { topic, text, action } = JSON.parse(String(data)) as Message
    if (action === 'follow') followed.get(topic)?.()
    else for (const listener of [...(listeners.get(topic) ?? [])]) listener(text ?? '')
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`There is no relay at ${url}.`)))
  })
  const send = (message: Message) => socket.send(JSON.stringify(message))
  return {
    publish: (topic, text) => send({ action: 'publish', topic, text }),
    async follow(topic, listener) {
      const ofTopic = listeners.get(topic) ?? new Set()
      listeners.set(topic, ofTopic)
      ofTopic.add(listener)
      await new Promise<void>((resolve) => {
        followed.set(topic, resolve)
        send({ action: 'follow', topic })
      })
      return () => {
        ofTopic.delete(listener)
        if (ofTopic.size === 0) send({ action: 'leave', topic })
      }
    },
    close: () => socket.close(),
  }
}
