import type { Clock } from '../../../src/base/clock'

/** Time that passes when a test says so. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass, running what falls due on the way, in order. */
  pass(ms: number): void
  /** Lets `ms` pass in one leap, as for a machine that slept: what fell due runs late, all at the end. */
  sleep(ms: number): void
  /** Timers that wait. */
  readonly pending: number
}

export const manualClock = (): ManualClock => {
  let time = 0
  const timers = new Map<symbol, { at: number; fn: () => void }>()

  const runDue = (until: number, leaps: boolean) => {
    for (;;) {
      const due = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
      if (!due) break
      const [key, { at, fn }] = due
      timers.delete(key)
      if (!leaps) time = Math.max(time, at)
      fn()
    }
  }

  return {
    now: () => time,
    after(ms, fn) {
      const key = Symbol()
      timers.set(key, { at: time + ms, fn })
      return () => timers.delete(key)
    },
    pass(ms) {
      const until = time + ms
      runDue(until, false)
      time = until
    },
    sleep(ms) {
      time += ms
      runDue(time, true)
    },
    get pending() {
      return timers.size
    },
  }
}
