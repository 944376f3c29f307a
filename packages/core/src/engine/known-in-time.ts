import type { Clock } from '../base/clock'
import { inTime } from '../base/in-time'
import type { Known } from '../base/known'

/** The same, which rejects with `TIMEOUT` where it does not answer: it is the application's, and a handshake waits for it. */
export const knownInTime = (known: Known, clock: Clock): Known => {
  const ask = <Answer>(question: () => Answer | Promise<Answer>) => inTime('`known`', question, clock)
  return {
    get: (id) => ask(() => known.get(id)),
    set: (id, key) => ask(() => known.set(id, key)),
    delete: (id) => ask(() => known.delete(id)),
    list: () => ask(() => known.list()),
  }
}
