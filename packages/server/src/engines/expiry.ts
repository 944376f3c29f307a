/** Bytes of messages that a node lets wait for others in all. */
const mostBytes = 64 * 1024 * 1024
/** What a waiting message costs beyond its text, in bytes, roughly: many small ones are not free. */
const overhead = 512

/** A source whose messages wait for a destination. */
export interface WaitingPair {
  readonly src: string
  readonly dst: string
  /** Names what waits for this pair; the same until it expires. */
  readonly ticket: number
}

interface Waiting extends WaitingPair {
  readonly since: number
  bytes: number
}

export interface Expiry {
  /** Notes one more message. @returns its pair, null where no more may wait on this node */
  add(src: string, dst: string, text: string): WaitingPair | null
  stop(): void
}

/**
 * Remembers for whom messages wait, and says when their time is over: `expire` ms after the first of a pair. All that
 * the pair had waiting then goes together, as PeerServer does it.
 *
 * @param onExpired gets all pairs whose time is over, at most ten times a second
 */
export const createExpiry = (expire: number, onExpired: (pairs: readonly WaitingPair[]) => void): Expiry => {
  // All wait equally long, so the order of insertion is the order of expiry.
  const pairs = new Map<string, Waiting>()
  let bytes = 0
  let tickets = 0
  let timer: NodeJS.Timeout | undefined

  const schedule = () => {
    const next = pairs.values().next()
    if (timer || next.done) return
    timer = setTimeout(expireDue, Math.max(100, next.value.since + expire - Date.now()))
    timer.unref()
  }

  const expireDue = () => {
    timer = undefined
    const due: WaitingPair[] = []
    for (const [key, pair] of pairs) {
      if (pair.since + expire > Date.now()) break
      pairs.delete(key)
      bytes -= pair.bytes
      due.push(pair)
    }
    schedule()
    if (due.length > 0) onExpired(due)
  }

  return {
    add(src, dst, text) {
      const size = text.length * 2 + overhead
      if (bytes + size > mostBytes) return null
      const key = `${src}\n${dst}`
      let pair = pairs.get(key)
      if (!pair) {
        tickets += 1
        pair = { src, dst, ticket: tickets, since: Date.now(), bytes: 0 }
        pairs.set(key, pair)
      }
      pair.bytes += size
      bytes += size
      schedule()
      return pair
    },
    stop() {
      clearTimeout(timer)
      pairs.clear()
    },
  }
}
