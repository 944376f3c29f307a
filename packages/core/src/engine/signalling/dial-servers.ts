import { v4 as uuid } from 'uuid'
import { NanopeerError } from '../../base/errors'
import type { DialFailure } from '../../base/transport'
import { abortable, pause } from './abortable'
import { type DialRequest, dialThrough, type OfferData } from './dial'
import { dialError } from './dial-error'
import type { Server } from './server'
import type { Servers } from './servers'

/**
 * How often a path that failed at once is tried again. Two fast ends on one network can finish their handshake
 * before one of them has recorded whom it is with (libdatachannel), and then refuse each other by mistake.
 */
const pathRetries = 2

/** How often a remote that left while it was dialled is dialled again: it may be a page that is loaded anew. */
const departures = 2
/** Ms until then. Earlier, the server may pass an offer on to a socket that is being closed, and it is lost. */
const returnDelay = 500

const isPathFailure = (error: NanopeerError) =>
  error.code === 'NETWORK' && (error.cause as DialFailure | undefined)?.stage === 'ice'

/**
 * Ms after which an offer that nobody has answered is made once more. A page that is left, or a device that ends, may have
 * taken it along, and be back under its id. Once, because a remote may be slow to answer: what it does answer counts
 * only while that offer stands.
 */
const offerPatience = 5000

const offerData = async ({ metadata, credential }: DialRequest<unknown>): Promise<OfferData> => {
  const connectionId = `dc_${uuid()}`
  if (!credential) return { connectionId, metadata }
  return { connectionId, metadata: { credential: await credential(connectionId) } }
}

/**
 * Dials through the first server that is open, and through the next where that one does not know the remote. An
 * offer that was lost, together with its server or with who got it, is made again.
 *
 * Rejects with `PEER_UNAVAILABLE`, `NETWORK`, `CONNECTION_LOST` (the remote left, again and again), `UNSUPPORTED` or the
 * signal's reason, with a `DialFailure` as cause.
 *
 * @param refresh - brings the ICE servers up to date, before each dial.
 */
export const dial = async <Channel>(
  servers: Servers,
  request: DialRequest<Channel>,
  refresh: () => Promise<void>,
): Promise<Channel> => {
  const { clock, remoteId, signal } = request
  const tried = new Set<Server>()
  let unavailable: unknown = null
  let pathFailures = 0
  let timesLeft = 0
  let patience = offerPatience

  const nextServer = async () => {
    try {
      const server = await abortable(servers.next(tried), signal)
      if (server) await abortable(refresh(), signal)
      return server
    } catch (error) {
      throw dialError(error, { stage: 'signalling' }, remoteId, servers.error)
    }
  }

  const untilBack = async () => {
    try {
      await pause(clock, returnDelay, signal)
    } catch (reason) {
      throw dialError(reason, { stage: 'offer' }, remoteId)
    }
  }

  for (;;) {
    const server = await nextServer()
    if (!server) throw unavailable
    try {
      return await dialThrough(server, request, await abortable(offerData(request), signal), patience)
    } catch (error) {
      if (signal.aborted || !(error instanceof NanopeerError)) throw error
      if (error.code === 'PEER_UNAVAILABLE') {
        unavailable = error
        tried.add(server)
      } else if (error.code === 'TIMEOUT') {
        patience = Number.POSITIVE_INFINITY
      } else if (error.code === 'CONNECTION_LOST') {
        timesLeft += 1
        if (timesLeft > departures) throw error
        await untilBack()
      } else if (isPathFailure(error)) {
        pathFailures += 1
        if (pathFailures > pathRetries) throw error
      } else if (error.code !== 'NETWORK' || server.peer()) {
        throw error
      }
    }
  }
}
