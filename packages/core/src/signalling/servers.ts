import { NanopeerError } from '../errors'
import { type DialRequest, dialThrough } from './dial'
import { dialError } from './dial-error'
import { isFinal } from './peer-errors'
import type { Server, ServerEvents } from './server'

/** Where one server stands, or all of them together. */
export type Status =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  | { readonly state: 'disconnected'; readonly error: NanopeerError; readonly retryAt: number | null }

/** What the servers are together: open if any is, connecting if any still may be, else the soonest attempt. */
export const combine = (all: readonly Status[]): Status => {
  if (all.some(({ state }) => state === 'open')) return { state: 'open' }
  const lost = all.filter((status) => status.state === 'disconnected')
  const [first] = lost
  if (!first || lost.length < all.length) return { state: 'connecting' }
  const times = lost.map(({ retryAt }) => retryAt).filter((time) => time !== null)
  return { ...first, retryAt: times.length > 0 ? Math.min(...times) : null }
}

export interface Servers {
  /** The events of the server with this index. */
  events(index: number): Pick<ServerEvents, 'connecting' | 'open' | 'disconnected'>
  dial<Channel>(servers: readonly Server[], request: DialRequest<Channel>): Promise<Channel>
  /** Rejects every dial that waits. */
  stop(error: NanopeerError): void
}

/** Makes several servers look like one. */
export const createServers = (
  count: number,
  events: Pick<ServerEvents, 'connecting' | 'open' | 'disconnected'>,
): Servers => {
  const statuses: Status[] = Array.from({ length: count }, () => ({ state: 'connecting' }))
  const waiting = new Set<() => void>()
  let told: Status | null = null
  let stopped: NanopeerError | null = null

  const update = (index: number, status: Status) => {
    statuses[index] = status
    for (const wake of [...waiting]) wake()
    const next = combine(statuses)
    if (told && isSame(told, next)) return
    told = next
    if (next.state === 'disconnected') events.disconnected(next.error, next.retryAt)
    else events[next.state]()
  }

  const nextChange = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      waiting.add(wake)
      signal.addEventListener('abort', wake)
    })

  /** The first server that is open and was not tried; null where trying others is pointless. */
  const nextServer = async (
    servers: readonly Server[],
    tried: ReadonlySet<Server>,
    signal: AbortSignal,
  ): Promise<Server | null> => {
    for (;;) {
      if (stopped) throw stopped
      if (signal.aborted) throw signal.reason
      const open = servers.find((server) => server.peer() && !tried.has(server))
      if (open) return open
      if (tried.size > 0) return null
      const status = combine(statuses)
      if (status.state === 'disconnected' && isFinal(status.error)) throw status.error
      await nextChange(signal)
    }
  }

  return {
    events: (index) => ({
      connecting: () => update(index, { state: 'connecting' }),
      open: () => update(index, { state: 'open' }),
      disconnected: (error, retryAt) => update(index, { state: 'disconnected', error, retryAt }),
    }),

    async dial(servers, request) {
      const tried = new Set<Server>()
      let unavailable: unknown = null
      for (;;) {
        const server = await nextServer(servers, tried, request.signal).catch((error) => {
          throw dialError(error, { stage: 'signalling' }, request.remoteId)
        })
        if (!server) throw unavailable
        try {
          return await dialThrough(server, request)
        } catch (error) {
          const isOver = request.signal.aborted || stopped || !(error instanceof NanopeerError)
          if (isOver) throw error
          if (error.code === 'PEER_UNAVAILABLE') {
            unavailable = error
            tried.add(server)
          } else if (server.peer()) {
            // Signalling stands, so the path is what failed.
            throw error
          }
        }
      }
    },

    stop(error) {
      stopped = error
      for (const wake of [...waiting]) wake()
    },
  }
}

const isSame = (a: Status, b: Status) =>
  a.state === b.state &&
  (a.state !== 'disconnected' ||
    b.state !== 'disconnected' ||
    (a.error === b.error && a.retryAt === b.retryAt))
