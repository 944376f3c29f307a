import { type Clock, systemClock } from '../../src/base/clock'

/** As long as nothing waits in a test, ms. */
export const hour = 3_600_000

/** The system's clock, but what waits for an hour is due when the test says so: however slow the machine, and no later. */
export const createAlarmClock = () => {
  const waiting = new Set<() => void>()
  const clock: Clock = {
    ...systemClock,
    after(ms, fn) {
      // What is extended meanwhile has somewhat less to go.
      if (ms < hour / 2) return systemClock.after(ms, fn)
      waiting.add(fn)
      return () => waiting.delete(fn)
    },
  }
  const ring = () => {
    for (const fn of [...waiting]) {
      waiting.delete(fn)
      fn()
    }
  }
  return { clock, ring }
}
