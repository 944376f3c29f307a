import { type Clock, systemClock } from '../clock'
import { NanopeerError } from '../errors'
import type { Signalling, SignallingEvents, SignallingOptions, Transport } from '../transport'
import { currentIceServers } from './ice-servers'
import { createInbound } from './inbound'
import { createLink } from './link'
import { type CreatePeerjsPeer, loadPeerjs, type PeerjsConnection } from './peerjs'
import { createPlainChannel } from './plain'
import { createServer, type ServerContext } from './server'
import { defaultServer, serverAddress } from './server-address'
import { createServers } from './servers'
import { tokenOf } from './token'

export interface PeerjsTransportOptions {
  /** Brings WebRTC and WebSocket into the global scope, before PeerJS is loaded. */
  prepare?(): Promise<void>
  /** Whether WebRTC is, or can be made, available here. */
  isSupported(): boolean
  /** @default the system's clock */
  readonly clock?: Clock
}

/** A {@link Transport} over PeerJS, which is loaded when the first peer needs it. */
export const createPeerjsTransport = ({
  prepare,
  isSupported,
  clock = systemClock,
}: PeerjsTransportOptions): Transport => {
  let loading: Promise<CreatePeerjsPeer> | null = null
  const load = () => {
    loading ??= Promise.resolve(prepare?.()).then(loadPeerjs)
    // A chunk that could not be fetched may be fetched at the next attempt.
    loading.catch(() => {
      loading = null
    })
    return loading
  }
  return {
    isSupported,
    clock,
    join: (id, options, events) => join({ id, options, events, clock, load }),
  }
}

interface JoinOptions {
  readonly id: string
  readonly options: SignallingOptions
  readonly events: SignallingEvents
  readonly clock: Clock
  load(): Promise<CreatePeerjsPeer>
}

const join = ({ id, options, events, clock, load }: JoinOptions): Signalling => {
  const listed = options.server ?? defaultServer
  const addresses = (Array.isArray(listed) ? listed : [listed]).map(serverAddress)
  const config: RTCConfiguration = { iceServers: [] }

  const refresh = async () => {
    config.iceServers = [...(await currentIceServers(options.iceServers))]
  }

  const context: ServerContext = {
    id,
    clock,
    config,
    async prepare() {
      const create = await load()
      return { create, token: tokenOf(id) }
    },
  }
  const inbound = createInbound({ clock, events, refresh })
  const together = createServers(addresses.length, events)
  const servers = addresses.map((address, index) =>
    createServer(address, context, { ...together.events(index), ...inbound }),
  )

  const dial = async <Channel>(
    remoteId: string,
    { signal, metadata }: { signal: AbortSignal; metadata?: unknown },
    plain: boolean,
    wrap: (connection: PeerjsConnection, clock: Clock) => Channel,
  ): Promise<Channel> => {
    await refresh()
    return together.dial(servers, {
      remoteId,
      signal,
      metadata,
      plain,
      wrap: (connection) => wrap(connection, clock),
    })
  }

  for (const server of servers) server.start()

  return {
    dial: (remoteId, given) => dial(remoteId, given, false, createLink),
    dialPlain: (remoteId, given) => dial(remoteId, given, true, createPlainChannel),
    retry() {
      for (const server of servers) server.retry()
    },
    async leave() {
      together.stop(new NanopeerError('DESTROYED', 'This peer was destroyed.'))
      inbound.stop()
      await Promise.all(servers.map((server) => server.leave()))
    },
  }
}

/** PeerJS in a browser. */
export const peerjsTransport: Transport = createPeerjsTransport({
  isSupported: () => typeof RTCPeerConnection !== 'undefined',
})
