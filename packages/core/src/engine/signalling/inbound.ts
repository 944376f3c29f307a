import type { SignallingEvents, Standing, Verdict } from '../../base/transport'
import { firstToGo } from '../standing'
import { incomingCall } from './calls'
import type { Environment } from './drain'
import type { Offered } from './guard'
import { createLink } from './link'
import type { PeerjsConnection } from './peerjs'
import { createPlainChannel } from './plain'
import { linkLabel } from './protocol'
import type { Offer } from './server-messages'
import { watchFailure } from './watch-failure'

/** Connections that remotes may have half open here, all together (then the oldest makes room) and each. */
const defaultMaxOpening = 64
const maxOpeningPerRemote = 8
/** A dialler gives up after 15 s by default; what is not open soon after never will be. */
const openTimeout = 20_000

interface Opening {
  readonly src: string
  readonly standing: Standing
  /** It has opened, or come to nothing. */
  settle(): void
  /** Gives it up. */
  close(): void
  /** Tells the dialler that nothing comes of it. */
  leave(): void
}

export interface InboundOptions {
  readonly environment: Environment
  readonly events: SignallingEvents
  readonly config: RTCConfiguration
  /** Connections that remotes may have half open, all together. @default 64 */
  readonly maxOpening?: number | undefined
  /** Brings the ICE servers up to date before PeerJS answers; never rejects. */
  refresh(): Promise<void>
}

export interface Inbound {
  offered(offer: Offer, offered: Offered): void
  connection(connection: PeerjsConnection): void
  /** Closes what has not opened yet; whoever dials dials again at once, instead of waiting for us. */
  stop(): void
}

/** Answers remotes that dial us, and bounds what they can make us hold before their channel is open. */
export const createInbound = ({
  environment,
  config,
  events,
  maxOpening = defaultMaxOpening,
  refresh,
}: InboundOptions): Inbound => {
  /** What is not open yet, oldest first. */
  const opening = new Map<string, Opening>()
  let isStopped = false

  const keyOf = (src: string, connectionId: string) => JSON.stringify([src, connectionId])

  const enter = (
    src: string,
    connectionId: string,
    standing: Standing,
    leave: () => void,
  ): Opening | null => {
    const key = keyOf(src, connectionId)
    const own = [...opening.values()].filter((other) => other.src === src)
    if (opening.has(key) || own.length >= maxOpeningPerRemote) return null
    if (opening.size >= maxOpening) {
      // An honest connection opens within a second or two; the oldest is the likeliest to be none.
      const oldest = firstToGo([...opening.values()], standing)
      if (!oldest) return null
      oldest.close()
    }
    const settle = () => {
      cancelDeadline()
      opening.delete(key)
    }
    const entry: Opening = { src, standing, settle, close: settle, leave }
    const cancelDeadline = environment.clock.after(openTimeout, () => entry.close())
    opening.set(key, entry)
    return entry
  }

  const deliver = (connection: PeerjsConnection, standing: Standing) => {
    const { label, metadata, serialization } = connection
    if (label === linkLabel && serialization === 'raw')
      events.link(createLink(connection, environment, metadata), standing)
    else events.plain(createPlainChannel(connection, environment, metadata), standing)
  }

  const answer = (offer: Offer, offered: Offered, verdict: Verdict) => {
    const { src, connectionId, isCall } = offer
    const { accept, leave, busy } = offered
    if (isStopped || verdict === 'ignored') return
    // A PeerJS client would take the word for the end of all its connections with us.
    if (verdict === 'busy') return isCall ? undefined : busy()
    const entry = enter(src, connectionId, verdict, leave)
    if (!entry) return
    const open = () => {
      try {
        // Unless it has made room meanwhile.
        if (isStopped || opening.get(keyOf(src, connectionId)) !== entry) return
        if (!isCall) return accept()
        entry.settle()
        events.call?.(incomingCall(offer, offered, { clock: environment.clock, config }), verdict)
      } catch {
        // The browser would not make one more RTCPeerConnection; the dialler runs into its deadline.
        entry.settle()
      }
    }
    void refresh().then(open)
  }

  return {
    offered(offer, offered) {
      if (isStopped) return
      const { src: remoteId, connectionId, credential, isCall } = offer
      const verdict = events.offer?.({ remoteId, connectionId, credential, isCall }) ?? 'stranger'
      if (typeof verdict === 'string') answer(offer, offered, verdict)
      else void verdict.then((decided) => answer(offer, offered, decided))
    },

    connection(connection) {
      const entry = opening.get(keyOf(connection.peer, connection.connectionId))
      const settle = () => {
        entry?.settle()
        unwatch()
        connection.removeAllListeners()
      }
      const close = () => {
        settle()
        connection.close()
      }
      if (entry) entry.close = close
      connection.on('open', () => {
        settle()
        deliver(connection, entry?.standing ?? 'stranger')
      })
      connection.on('error', close)
      connection.on('close', close)
      const unwatch = watchFailure(connection.peerConnection, close)
      onlyOneChannel(connection)
    },

    stop() {
      isStopped = true
      for (const { leave, close } of [...opening.values()]) {
        leave()
        close()
      }
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
