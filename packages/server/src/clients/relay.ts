import type { Counts } from '../counts'
import type { Engine } from '../engine'
import { type Message, readFrame } from '../protocol/messages'
import type { Client } from './client'
import type { Clients } from './clients'

/** Takes one frame of a client, and does with it what it asks for. */
export type Relay = (client: Client, text: string) => void

/** Local clients are reached at once; the engine brings the rest to other nodes, or lets it wait. */
export const createRelay = (clients: Clients, engine: Engine, counts: Counts): Relay => {
  const pass = (message: Message) => {
    counts.received += 1
    if (clients.deliver(message)) counts.relayed += 1
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
