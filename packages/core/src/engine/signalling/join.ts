import { destroyed, NanopeerError } from '../../base/errors'
import { tabStorage } from '../../base/tab-storage'
import type { DialOptions, ServerOptions, Signalling } from '../../base/transport'
import type { PeerjsJoin } from '../../engine'
import { OutgoingCall } from './calls'
import { createClaim } from './claim'
import { dial } from './dial-servers'
import type { Environment } from './drain'
import { createIceServers } from './ice-servers'
import { createInbound } from './inbound'
import { createLink } from './link'
import { heldByTab } from './peer-errors'
import { creatorIn, type PeerjsConnection } from './peerjs'
import { createPlainChannel } from './plain'
import { createServer } from './server'
import { defaultServer, serverAddress, serverName, tokenGiven } from './server-address'
import { isMetadata } from './server-messages'
import { createServers } from './servers'
import { renewToken, tokenFor, tokenOf } from './token'

/** @throws `NanopeerError` `INVALID_INPUT` */
const checkMetadata = (metadata: unknown): void => {
  if (isMetadata(metadata)) return
  throw new NanopeerError('INVALID_INPUT', 'The metadata of a dial or a call may be at most 4 KiB as JSON.')
}

/** Registers an id with its servers and keeps it registered: what `Transport.join` of PeerJS does. */
export const joinPeerjs = ({
  id,
  options,
  events,
  clock,
  closesEarly,
  withWebSocket,
  loadPeerjs,
}: PeerjsJoin): Signalling => {
  const environment = { clock, closesEarly }
  const iceServers = createIceServers(clock, options.iceServers)
  const inbound = createInbound({
    environment,
    config: iceServers.config,
    events,
    maxOpening: options.handshakes,
    refresh: iceServers.refreshForAnswer,
  })
  const listed = options.server ?? defaultServer
  const listedServers = [listed].flat()

  let hasLeft = false

  const heldElsewhere = () => {
    // What this tab has is a copy of the other tab's token; with its own it can never displace it.
    renewToken(id)
    return heldByTab(id)
  }

  const claim = createClaim(id, clock, {
    lost() {
      const error = heldElsewhere()
      for (const server of servers.all) server.lose(error)
    },
    contested: () => retry(),
  })

  const prepare = async (server: ServerOptions) => {
    const create = creatorIn(await loadPeerjs())
    // Only a tab's token can be copied to another.
    // A claim that is made after that would be given back by nobody.
    if (hasLeft) throw destroyed()
    if (tabStorage() && !(await claim.acquire(!tokenOf(id).isFresh))) {
      throw hasLeft ? destroyed() : heldElsewhere()
    }
    const own = () => tokenFor(tokenOf(id), serverName(serverAddress(server)))
    // PeerJS pastes it into a URL as it is.
    return { create, token: encodeURIComponent((await tokenGiven(server, clock)) ?? own()) }
  }

  const servers = createServers(listedServers.length, events, (index, status) => {
    const server = listedServers[index] as ServerOptions
    return createServer(
      serverAddress(server),
      { id, clock, config: iceServers.config, withWebSocket, prepare: () => prepare(server) },
      { ...status, offered: inbound.offered, connection: inbound.connection },
    )
  })

  const retry = () => {
    for (const server of servers.all) server.retry()
  }

  const connect = async <Channel>(
    remoteId: string,
    { signal, metadata, answered, credential }: DialOptions,
    plain: boolean,
    wrap: (connection: PeerjsConnection, environment: Environment) => Channel,
  ) => {
    checkMetadata(metadata)
    const request = {
      clock,
      remoteId,
      signal,
      metadata,
      answered,
      credential,
      plain,
      wrap: (it: PeerjsConnection) => wrap(it, environment),
    }
    return dial(servers, request, iceServers.refresh)
  }

  for (const server of servers.all) server.start()

  return {
    dial: (remoteId, given) => connect(remoteId, given, false, createLink),
    dialPlain: (remoteId, given) => connect(remoteId, given, true, createPlainChannel),
    call(remoteId, metadata) {
      checkMetadata(metadata)
      const { config, refresh } = iceServers
      return new OutgoingCall(remoteId, metadata, { clock, config, servers, refresh })
    },
    retry,
    async leave() {
      hasLeft = true
      claim.release()
      servers.stop(destroyed())
      inbound.stop()
      await Promise.all(servers.all.map((server) => server.leave()))
    },
  }
}
