/** Bytes of messages that a node lets wait for others in all. */
const mostBytes = 64 * 1024 * 1024
/** What a waiting message costs beyond its text, in bytes, roughly: many small ones are not free. */
const overhead = 512
/** How often it is looked at most, in ms. */
const step = 100

/** A source whose messages wait for a destination. */
export interface WaitingPair {
  readonly src: string
  readonly dst: string
}

interface Waiting extends WaitingPair {
  readonly since: number
  bytes: number
}

export interface Expiry {
  /** Whether no more may wait on this node. */
  readonly isFull: boolean
  /** Notes one more message that waits; `isFirst`: nothing of its pair does, so that a new time begins. */
  add(message: WaitingPair & { readonly text: string }, isFirst: boolean): void
  stop(): void
}

/**
 * Remembers for whom messages wait, and says when their time is over: `expire` ms after the first of a pair. All that
 * the pair has waiting then goes together, as PeerServer does it.
 */
export const createExpiry = (expire: number, onExpired: (pair: WaitingPair) => void): Expiry => {
  // All wait equally long, so the order of insertion is the order of expiry.
  const pairs = new Map<string, Waiting>()
  let bytes = 0
  let timer: NodeJS.Timeout | undefined

  const schedule = () => {
    const next = pairs.values().next()
    if (timer || next.done) return
    timer = setTimeout(expireDue, Math.max(step, next.value.since + expire - Date.now()))
    timer.unref()
  }

  const expireDue = () => {
    timer = undefined
    for (const [key, pair] of pairs) {
      if (pair.since + expire > Date.now()) break
      pairs.delete(key)
      bytes -= pair.bytes
      onExpired(pair)
    }
    schedule()
  }

  return {
    get isFull() {
      return bytes >= mostBytes
    },
    add({ src, dst, text }, isFirst) {
      const key = `${src}\n${dst}`
      const former = pairs.get(key)
      if (former && isFirst) {
        // It was handed over.
        bytes -= former.bytes
        pairs.delete(key)
      }
      const pair = pairs.get(key) ?? { src, dst, since: Date.now(), bytes: 0 }
      pairs.set(key, pair)
      const size = text.length * 2 + overhead
      pair.bytes += size
      bytes += size
      schedule()
    },
    stop() {
      clearTimeout(timer)
      pairs.clear()
    },
  }
}
