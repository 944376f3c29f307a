/**
 * Time as the core sees it. One seam, so that a test network can run hours of back-off and liveness in
 * milliseconds, and so that no timer can be started without its undo at hand.
 */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  /** Runs `fn` once, `ms` from now, however long that is; never for `Infinity`. Returns its undo. */
  after(ms: number, fn: () => void): () => void
  /** Runs `fn` once, in a task of its own behind those that wait already. @default `after(0, fn)` */
  soon?(fn: () => void): void
}

/** Made when it is first needed: importing this opens nothing. */
let channel: MessageChannel | null = null
const tasks: (() => void)[] = []

/** Timers of nested calls wait for 4 ms, and in hidden pages for a second. */
const soon = (fn: () => void): void => {
  if (typeof setImmediate === 'function') {
    setImmediate(fn)
    return
  }
  if (!channel) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => tasks.shift()?.()
    // Where the channel is Node's, in a DOM of a test runner's, it would keep the process running.
    ;(channel.port1 as MessagePort & { unref?(): void }).unref?.()
  }
  tasks.push(fn)
  channel.port2.postMessage(null)
}

/** The longest that `setTimeout` can wait, ms: 24.8 days. What is longer it takes for nothing at all. */
const longestTimer = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, fn) {
    if (ms === Number.POSITIVE_INFINITY) return () => {}
    let timer: ReturnType<typeof setTimeout>
    const wait = (left: number) => {
      const isLast = left <= longestTimer
      timer = isLast ? setTimeout(fn, left) : setTimeout(() => wait(left - longestTimer), longestTimer)
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
  soon,
}
