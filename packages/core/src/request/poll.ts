import { systemClock } from '../base/clock'

/** Something that is done again and again, and not while the page is hidden. */
export interface Poll {
  /** @param interval ms from one time to the next; null for never. The same one changes nothing. */
  set(interval: number | null): void
}

/** @param act also called as the page is shown again, where its time came while it was hidden */
export function createPoll(act: () => void): Poll {
  let interval: number | null = null
  let stop = () => {}
  const wait = () => {
    if (interval !== null) stop = systemClock.after(interval, due)
  }
  const due = () => {
    if (typeof document === 'undefined' || document.visibilityState !== 'hidden') {
      wait()
      act()
      return
    }
    document.addEventListener('visibilitychange', due, { once: true })
    stop = () => document.removeEventListener('visibilitychange', due)
  }
  return {
    set(next) {
      if (next === interval) return
      stop()
      interval = next
      wait()
    },
  }
}
