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
  const socket = await open(url)
  const listeners = new Map<string, Set<(text: string) => void>>()
  const followed = new Map<string, () => void>()
  socket.addEventListener('message', ({ data }) => {
    const { topic, text, action } = JSON.parse(String(data)) as Message
    if (action === 'follow') followed.get(topic)?.()
    else for (const listener of [...(listeners.get(topic) ?? [])]) listener(text ?? '')
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

/** Over a cable between machines one attempt in some hundreds fails; nobody has found out why. */
async function open(url: string): Promise<WebSocket> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const socket = new WebSocket(url)
    const isOpen = await new Promise((resolve) => {
      socket.addEventListener('open', () => resolve(true))
      socket.addEventListener('error', () => resolve(false))
    })
    if (isOpen) return socket
  }
  throw new Error(`There is no relay at ${url}.`)
}
