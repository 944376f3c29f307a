import { isPairingId } from '../authorize'
import type { Counts } from '../counts'
import type { Engine } from '../engine'
import { expireOf, isQueued, type Message, readFrame } from '../protocol/messages'
import type { Client } from './client'
import type { Clients } from './clients'

/** Takes one frame of a client, and does with it what it asks for. */
export type Relay = (client: Client, text: string) => void

/** Who meets somebody to pair speaks to nobody else, and nobody else to them. */
const mayMeet = ({ src, dst }: Message): boolean => isPairingId(src) === isPairingId(dst)

/** Local clients are reached at once; the engine brings the rest to other nodes, or lets it wait. */
export const createRelay = (clients: Clients, engine: Engine, counts: Counts): Relay => {
  const pass = (message: Message) => {
    counts.received += 1
    if (!mayMeet(message)) {
      // To the one the other is not there.
      if (isQueued(message)) clients.deliver(expireOf(message))
    } else if (clients.deliver(message)) counts.relayed += 1
    else engine.route(message)
  }

  return (client, text) => {
    client.lastHeard = Date.now()
    if (!clients.has(client)) return
    const frame = readFrame(text, client.id)
    if (frame?.kind === 'message') pass(frame.message)
    else if (frame?.kind === 'leave') clients.close(client, 'left')
    else if (!frame) clients.close(client, 'invalidFrame')
  }
}
