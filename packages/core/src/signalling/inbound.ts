import type { SignallingEvents } from '../transport'
import type { Environment } from './drain'
import { createLink } from './link'
import type { PeerjsConnection } from './peerjs'
import { createPlainChannel } from './plain'
import { linkLabel } from './protocol'
import type { Offer } from './server-messages'
import { watchFailure } from './watch-failure'

/** Connections that strangers may have half open here, all together and each. */
const maxOpening = 64
const maxOpeningPerRemote = 8
/** A dialler gives up after 15 s by default; what is not open soon after never will be. */
const openTimeout = 20_000

export interface InboundOptions {
  readonly environment: Environment
  readonly events: SignallingEvents
  /** Brings the ICE servers up to date before PeerJS answers; never rejects. */
  refresh(): Promise<void>
}

export interface Inbound {
  offered(offer: Offer, accept: () => void): void
  connection(connection: PeerjsConnection): void
  /** Closes what has not opened yet. */
  stop(): void
}

/** Answers remotes that dial us, and bounds what they can make us hold before their channel is open. */
export const createInbound = ({ environment, events, refresh }: InboundOptions): Inbound => {
  /** Connection ids of one remote that are not open yet. */
  const opening = new Map<string, Set<string>>()
  const cancels = new Set<() => void>()
  let isStopped = false

  const count = () => [...opening.values()].reduce((sum, ids) => sum + ids.size, 0)

  const enter = (src: string, connectionId: string) => {
    const ids = opening.get(src) ?? new Set()
    if (ids.has(connectionId) || ids.size >= maxOpeningPerRemote || count() >= maxOpening) return false
    opening.set(src, ids.add(connectionId))
    return true
  }

  const leave = (src: string, connectionId: string) => {
    const ids = opening.get(src)
    ids?.delete(connectionId)
    if (ids?.size === 0) opening.delete(src)
  }

  const deliver = (connection: PeerjsConnection) => {
    const { label, metadata, serialization } = connection
    if (label === linkLabel && serialization === 'raw')
      events.link(createLink(connection, environment, metadata))
    else events.plain(createPlainChannel(connection, environment, metadata))
  }

  return {
    offered({ src, connectionId }, accept) {
      if (isStopped || events.offer?.(src) === false || !enter(src, connectionId)) return
      const answer = () => {
        try {
          if (!isStopped) accept()
        } catch {
          // The browser would not make one more RTCPeerConnection; the dialler runs into its deadline.
          leave(src, connectionId)
        }
      }
      void refresh().then(answer)
    },

    connection(connection) {
      const settle = () => {
        cancels.delete(close)
        cancelDeadline()
        unwatch()
        leave(connection.peer, connection.connectionId)
        connection.removeAllListeners()
      }
      const close = () => {
        settle()
        connection.close()
      }
      const cancelDeadline = environment.clock.after(openTimeout, close)
      cancels.add(close)
      connection.on('open', () => {
        settle()
        deliver(connection)
      })
      connection.on('error', close)
      connection.on('close', close)
      const unwatch = watchFailure(connection.peerConnection, close)
      onlyOneChannel(connection)
    },

    stop() {
      isStopped = true
      for (const close of [...cancels]) close()
    },
  }
}

/** PeerJS takes every channel that a remote opens for *the* channel; here the first is it. */
const onlyOneChannel = ({ peerConnection }: PeerjsConnection) => {
  const first = peerConnection?.ondatachannel
  if (!peerConnection || !first) return
  let seen = false
  peerConnection.ondatachannel = (event) => {
    if (seen) return event.channel.close()
    seen = true
    first.call(peerConnection, event)
  }
}
