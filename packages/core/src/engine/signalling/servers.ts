import { type NanopeerError, verdictOf } from '../../base/errors'
import type { SignallingEvents } from '../../base/transport'
import type { Server, ServerEvents } from './server'
import { combine, isSameStatus, type Status } from './status'

type StatusEvents = Pick<ServerEvents, 'connecting' | 'open' | 'disconnected'>

export interface Servers {
  readonly all: readonly Server[]
  /** What ended the last attempt, where none is open. */
  readonly error: NanopeerError | null
  /**
   * The first server that is open and not in `tried`, as soon as there is one; null where another was tried.
   *
   * @throws what makes further attempts pointless.
   */
  next(tried: ReadonlySet<Server>): Promise<Server | null>
  /** Ends every wait. */
  stop(error: NanopeerError): void
}

/** Makes several servers look like one. `create` makes the server with this index. */
export const createServers = (
  count: number,
  events: StatusEvents & Pick<SignallingEvents, 'taken'>,
  create: (index: number, events: StatusEvents) => Server,
): Servers => {
  const statuses: Status[] = Array.from({ length: count }, () => ({ state: 'connecting' }))
  const waiting = new Set<() => void>()
  let told: Status | null = null
  let stopped: NanopeerError | null = null

  const wakeAll = () => {
    for (const wake of waiting) wake()
    waiting.clear()
  }

  const update = (index: number, status: Status) => {
    statuses[index] = status
    const together = combine(statuses)
    if (!told || !isSameStatus(told, together)) {
      told = together
      if (together.state === 'disconnected') events.disconnected(together.error, together.retryAt)
      else events[together.state]()
    }
    wakeAll()
  }

  const all = statuses.map((_, index) =>
    create(index, {
      connecting: () => update(index, { state: 'connecting' }),
      open: () => update(index, { state: 'open' }),
      disconnected: (error, retryAt) => {
        if (error.code === 'ID_TAKEN') events.taken?.()
        update(index, { state: 'disconnected', error, retryAt })
      },
    }),
  )

  return {
    all,
    get error() {
      return told?.state === 'disconnected' ? told.error : null
    },
    async next(tried) {
      for (;;) {
        if (stopped) throw stopped
        const open = all.find((server) => server.peer() && !tried.has(server))
        if (open) return open
        if (tried.size > 0) return null
        if (told?.state === 'disconnected' && verdictOf(told.error).isFinal) throw told.error
        await new Promise<void>((resolve) => waiting.add(resolve))
      }
    },
    stop(error) {
      stopped = error
      wakeAll()
    },
  }
}
