import type { RawData, WebSocket } from 'ws'
import { type Counts, countOne } from '../counts'
import type { Engine } from '../engine'
import type { Refusals } from '../http/refusals'
import type { ResolvedOptions } from '../options'
import { closeCodes } from '../protocol/close-codes'
import { readMessage } from '../protocol/messages'
import { replies } from '../protocol/replies'
import { createAdmit } from './admission'
import { Client } from './client'
import type { Clients } from './clients'
import { EarlyFrames } from './early-frames'
import { MessageCredit } from './message-credit'
import { type Rejection, rejections } from './rejection'
import type { Relay } from './relay'
import { Reader, Turns, weightOf } from './turns'
import type { Visitor } from './visitor'

/** What a node has for its visitors. */
export interface RegistrationContext {
  readonly options: ResolvedOptions
  readonly engine: Engine
  readonly clients: Clients
  readonly counts: Counts
  readonly refusals: Refusals
  readonly relay: Relay
  /** Whether this node takes nobody any more. */
  isDraining(): boolean
}

/** Takes an open socket, and makes a client of it or closes it. */
export type Register = (socket: WebSocket, visitor: Visitor) => void

export const createRegister = (context: RegistrationContext): Register => {
  const { options, engine, clients, counts, refusals, relay } = context
  const { limits, logger } = options
  const admit = createAdmit(options)
  const turns = new Turns()

  const claim = async (socket: WebSocket, visitor: Visitor): Promise<Client | Rejection> => {
    const admission = await admit(visitor)
    if ('refusal' in admission) return admission
    const { id, address } = visitor
    clients.removeIfClosing(id)
    // Who has gone meanwhile, or is to go, takes nothing from anybody.
    if (socket.readyState !== socket.OPEN || context.isDraining()) return rejections.unavailable
    // One that is here already takes its own place.
    if (clients.size >= limits.clients && clients.generationOf(id) === null) return rejections.clients
    const claimed = await engine.claim(id, admission.owner)
    if (claimed.state !== 'granted') return rejections[claimed.state]
    const client = new Client({ id, address, ...admission, generation: claimed.generation }, socket)
    if (!clients.add(client)) {
      engine.release(id, claimed.generation)
      for (const text of claimed.waiting) engine.route(readMessage(text))
      return rejections.taken
    }
    // It came and went while it was asked for; even so it has displaced whoever was there before.
    if (client.isOpen) socket.send(replies.open)
    for (const text of claimed.waiting) {
      if (!clients.deliver({ dst: id, text })) engine.route(readMessage(text))
    }
    return client
  }

  const reject = (socket: WebSocket, { address }: Visitor, { refusal, reply, close, isGuess }: Rejection) => {
    countOne(counts.refused, refusal)
    if (isGuess) refusals.count(address)
    if (socket.readyState === socket.OPEN) socket.send(reply)
    socket.close(closeCodes[close], refusal)
  }

  return (socket, visitor) => {
    const { id, address } = visitor
    const credit = new MessageCredit(limits.messagesPerSecond, Date.now())
    const early = new EarlyFrames()
    let client: Client | null = null

    const fail = (error: unknown) => {
      logger.error({ error, id, address }, 'A fault while a client was served; it is disconnected')
      if (client) clients.close(client, 'fault')
      else socket.close(closeCodes.fault)
    }

    const spend = (weight = 1) => {
      const pause = credit.spend(Date.now(), weight)
      if (pause > 0 && reader.hold(pause)) counts.paused += 1
    }

    const receive = (data: RawData) => {
      spend(weightOf(data))
      const text = data.toString()
      if (client) relay(client, text)
      // What comes after that it is closed is heard by nobody.
      else if (socket.readyState === socket.OPEN && !early.add(text)) {
        countOne(counts.refused, 'early')
        early.take()
        socket.close(closeCodes.tooEarly)
      }
    }

    /** It is cut: it would not read a word of ours before it has said all of its own. */
    const flooded = () => {
      if (client) clients.close(client, 'flooding')
      else countOne(counts.refused, 'early')
      socket.terminate()
    }

    const heard = () => {
      if (client) client.lastHeard = Date.now()
      spend()
    }

    const reader = new Reader(socket, turns, (data) => {
      try {
        receive(data)
      } catch (error) {
        fail(error)
      }
    })
    socket.on('message', (data) => {
      if (!reader.take(data, Date.now())) flooded()
    })
    socket.on('ping', heard)
    socket.on('pong', heard)
    // Frames that break the protocol or a limit; ws closes the socket with a code of its own.
    socket.on('error', (error) => logger.debug({ id, address, reason: error.message }, 'A socket failed'))
    socket.on('close', () => {
      reader.finish()
      early.take()
      if (client) clients.remove(client)
    })

    claim(socket, visitor)
      .then((outcome) => {
        if ('refusal' in outcome) return reject(socket, visitor, outcome)
        client = outcome
        counts.registered += 1
        logger.debug({ id, address }, 'A client is registered')
        for (const text of early.take()) relay(client, text)
        // It may have closed while nobody looked.
        if (!client.isOpen) clients.remove(client)
        // Nor may it be one of those that are sent away any more.
        else if (context.isDraining()) clients.close(client, 'goingAway')
      })
      .catch(fail)
  }
}
