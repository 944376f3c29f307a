import { setTimeout as pause } from 'node:timers/promises'
import type { Clients } from './clients/clients'

/** How long `/ready` says no before the first client is sent away: proxies ask about once a second. Ms. */
const notice = 2_000
/** How often clients are sent away, in ms. */
const step = 50

/** Options of `drain()`. */
export interface DrainOptions {
  /** Ms over which the clients are sent away, so that the other nodes are not flooded. @default 10_000 */
  readonly over?: number | undefined
}

/**
 * Sends every client away, evenly over a time. They come back by themselves if they are nanopeer's, and find another node.
 *
 * @param stopListening called between the notice and the first client: whoever dials from then on is to be refused by the
 * system, for then proxies try another node
 */
export const drainClients = async (
  clients: Clients,
  over: number,
  stopListening: () => void,
): Promise<void> => {
  const wait = Math.min(notice, over / 5)
  await pause(wait)
  stopListening()
  const end = Date.now() + over - wait
  while (clients.size > 0) {
    const steps = Math.max(1, Math.floor((end - Date.now()) / step))
    let left = Math.ceil(clients.size / steps)
    for (const client of clients.held()) {
      clients.close(client, 'goingAway')
      left -= 1
      if (left === 0) break
    }
    if (clients.size > 0) await pause(step)
  }
}
