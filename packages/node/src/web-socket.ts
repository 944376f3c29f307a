/** A closing socket waits 1 s, not 30, for a server that no longer answers: it would keep the process running. */
const socketOptions = { closeTimeout: 1_000, perMessageDeflate: false }

/** Null until {@link loadWebSocket} has been called. */
let ownWebSocket: typeof WebSocket | null = null

/**
 * Loads the `ws` package. Node ≥ 22 has a `WebSocket` of its own, but with a server that never closes its end that one keeps
 * the process running, and on 22 it notices only after 10 s that nobody listens.
 */
export const loadWebSocket = async (): Promise<void> => {
  const ws = await import('ws')
  ownWebSocket ??= class extends ws.WebSocket {
    constructor(url: string | URL) {
      super(url, socketOptions)
      // PeerJS learns of every failure from `close`; an `error` that nobody hears would end the process.
      this.on('error', () => {})
    }
  } as unknown as typeof WebSocket
}

/** Runs what takes `WebSocket` from the global scope, where it finds ours; everybody else finds what was there before. */
export const withWebSocket = <Result>(open: () => Result): Result => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')
  Object.defineProperty(globalThis, 'WebSocket', { value: ownWebSocket, configurable: true })
  try {
    return open()
  } finally {
    if (before) Object.defineProperty(globalThis, 'WebSocket', before)
    else Reflect.deleteProperty(globalThis, 'WebSocket')
  }
}
