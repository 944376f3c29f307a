import type { LogLine } from '../shared/actions'

/** A device's log: the last lines are kept, and whoever wants to can follow it. */
export interface DeviceLog {
  info(text: string): void
  warning(text: string): void
  /** The last `lines` lines, then each new one until `signal` fires. A reader that falls behind skips lines. */
  tail(lines: number, signal: AbortSignal): AsyncGenerator<LogLine, void>
}

/** Options of {@link createLog}. */
export interface LogOptions {
  /** How many lines are kept. @default 500 */
  readonly keep?: number
  /** Hears every line as well. */
  readonly write?: (line: LogLine) => void
}

/** A log in memory. Readers keep only their place in it, so any number of slow ones costs nothing. */
export const createLog = ({ keep = 500, write }: LogOptions = {}): DeviceLog => {
  const kept: LogLine[] = []
  const waiting = new Set<() => void>()
  let end = 0

  const add = (level: LogLine['level'], text: string) => {
    // Names of files and ids are somebody else's words: what a terminal would act upon is not for ours.
    const line = { number: end++, time: new Date(), level, text: text.replace(/\p{Cc}/gu, '\ufffd') }
    kept.push(line)
    if (kept.length > keep) kept.shift()
    write?.(line)
    for (const wake of [...waiting]) wake()
  }

  const news = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      waiting.add(wake)
      signal.addEventListener('abort', wake)
    })

  return {
    info: (text) => add('info', text),
    warning: (text) => add('warning', text),
    async *tail(lines, signal) {
      // What a remote asks for is not a number until looked at.
      const wanted = Math.max(0, Math.trunc(Number(lines)) || 0)
      let next = end - Math.min(wanted, kept.length)
      while (!signal.aborted) {
        next = Math.max(next, end - kept.length)
        const line = kept[next - (end - kept.length)]
        if (line === undefined) await news(signal)
        else {
          next++
          yield line
        }
      }
    },
  }
}
