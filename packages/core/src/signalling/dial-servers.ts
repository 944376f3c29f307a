import { NanopeerError } from '../errors'
import type { DialFailure } from '../transport'
import { abortable } from './abortable'
import { type DialRequest, dialThrough } from './dial'
import { dialError } from './dial-error'
import type { Server } from './server'
import type { Servers } from './servers'

/**
 * How often a path that failed at once is tried again. Two fast ends on one network can finish their handshake
 * before one of them has recorded whom it is with (libdatachannel), and then refuse each other by mistake.
 */
const pathRetries = 2

const isPathFailure = (error: NanopeerError) =>
  error.code === 'NETWORK' && (error.cause as DialFailure | undefined)?.stage === 'ice'

/**
 * Dials through the first server that is open, and through the next where that one does not know the remote. An
 * offer that was lost together with its server is made again.
 *
 * Rejects with `PEER_UNAVAILABLE`, `NETWORK`, `UNSUPPORTED` or the signal's reason, with a `DialFailure` as cause.
 *
 * @param refresh - brings the ICE servers up to date, before each dial.
 */
export const dial = async <Channel>(
  servers: Servers,
  request: DialRequest<Channel>,
  refresh: () => Promise<void>,
): Promise<Channel> => {
  const { remoteId, signal } = request
  const tried = new Set<Server>()
  let unavailable: unknown = null
  let pathFailures = 0

  const nextServer = async () => {
    try {
      const server = await abortable(servers.next(tried), signal)
      if (server) await abortable(refresh(), signal)
      return server
    } catch (error) {
      throw dialError(error, { stage: 'signalling' }, remoteId, servers.error)
    }
  }

  for (;;) {
    const server = await nextServer()
    if (!server) throw unavailable
    try {
      return await dialThrough(server, request)
    } catch (error) {
      if (signal.aborted || !(error instanceof NanopeerError)) throw error
      if (error.code === 'PEER_UNAVAILABLE') {
        unavailable = error
        tried.add(server)
      } else if (isPathFailure(error)) {
        pathFailures += 1
        if (pathFailures > pathRetries) throw error
      } else if (error.code !== 'NETWORK' || server.peer()) {
        throw error
      }
    }
  }
}
