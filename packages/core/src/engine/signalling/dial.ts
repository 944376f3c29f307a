import type { PeerConnectOption } from 'peerjs'
import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { DialOptions } from '../../base/transport'
import { dialError } from './dial-error'
import type { PeerjsConnection } from './peerjs'
import { linkOptions, plainOptions } from './protocol'
import type { Server } from './server'
import { watchFailure } from './watch-failure'

export interface DialRequest<Channel> extends DialOptions {
  readonly clock: Clock
  readonly remoteId: string
  /** Towards a plain PeerJS remote. */
  readonly plain: boolean
  /** Wraps the connection in the tick in which it opens. */
  wrap(connection: PeerjsConnection): Channel
}

/** An offer's name for its connection, and what goes with it. */
export interface OfferData {
  /** As PeerJS would make it. */
  readonly connectionId: string
  readonly metadata: unknown
}

/**
 * Ms without an answer after which we look whether our socket still lives. Not with the offer: of a dial that is answered the
 * answer says it, and the offer would wait behind the probe.
 */
const doubtAfter = 500

/** What a configuration is refused with, which stays so however often it is tried. */
const refusals: readonly unknown[] = ['SyntaxError', 'InvalidAccessError', 'NotSupportedError', 'TypeError']

/** Why there is no connection. Chromium has some 500, and counts those that were closed until it has collected them. */
const notMade = (error: unknown): NanopeerError => {
  const { name, message } = error instanceof Error ? error : { name: null, message: String(error) }
  const what = `The WebRTC connection could not be made (${message}).`
  return refusals.includes(name)
    ? new NanopeerError('UNSUPPORTED', `${what} Check the iceServers option.`, { cause: error })
    : new NanopeerError('OVERLOADED', `${what} There are too many here, some of which may be closed soon.`, {
        cause: error,
      })
}

const connect = (
  server: Server,
  { remoteId, plain }: DialRequest<unknown>,
  data: OfferData,
): PeerjsConnection => {
  try {
    // PeerJS 1.5.5 takes a connection id, which its types do not know.
    const options: PeerConnectOption = { ...(plain ? plainOptions : linkOptions), ...data }
    const connection = server.peer()?.connect(remoteId, options)
    if (connection) return connection as unknown as PeerjsConnection
  } catch (error) {
    throw notMade(error)
  }
  throw new NanopeerError('NETWORK', 'Signalling was lost before the dial.')
}

const pathFailed = (remoteId: string) =>
  new NanopeerError('NETWORK', `There is no network path to "${remoteId}".`)

const unanswered = (remoteId: string) =>
  new NanopeerError('TIMEOUT', `"${remoteId}" has not answered the offer.`)

/**
 * Dials once, through one server. A failed dial leaves nothing behind.
 *
 * Rejects with `PEER_UNAVAILABLE`, `NETWORK`, `UNSUPPORTED`, `OVERLOADED` or the signal's reason, with a `DialFailure` as
 * cause; with `CONNECTION_LOST` where the remote has left meanwhile, and with `TIMEOUT` where nobody has answered the offer after
 * `patience` ms.
 */
export const dialThrough = <Channel>(
  server: Server,
  request: DialRequest<Channel>,
  data: OfferData,
  patience: number,
): Promise<Channel> =>
  new Promise((resolve, reject) => {
    const { clock, remoteId, signal, answered, wrap } = request
    const connection = connect(server, request, data)
    const { connectionId, peerConnection } = connection
    let relayCandidate = false

    const settle = () => {
      forget()
      signal.removeEventListener('abort', onAbort)
      peerConnection?.removeEventListener('icecandidate', onCandidate)
      unwatch()
      endDoubt()
      endPatience()
      connection.removeAllListeners()
    }
    const fail = (error: unknown) => {
      const stage = server.dials.isUnanswered(connectionId) ? 'offer' : 'ice'
      settle()
      connection.close()
      reject(dialError(error, { stage, relayCandidate }, remoteId))
    }
    const onAbort = () => fail(signal.reason)
    const onLost = () => fail(pathFailed(remoteId))
    const onPatienceOver = () => {
      if (server.dials.isUnanswered(connectionId)) fail(unanswered(remoteId))
    }
    const onCandidate = ({ candidate }: RTCPeerConnectionIceEvent) => {
      if (candidate && / typ relay\b/.test(candidate.candidate)) relayCandidate = true
    }

    const forget = server.dials.add({ remoteId, connectionId, fail, answered })
    connection.on('open', () => {
      settle()
      resolve(wrap(connection))
    })
    connection.on('error', onLost)
    connection.on('close', onLost)
    peerConnection?.addEventListener('icecandidate', onCandidate)
    const unwatch = watchFailure(peerConnection, onLost)
    const endDoubt = clock.after(doubtAfter, () => {
      if (server.dials.isUnanswered(connectionId)) server.probe()
    })
    const endPatience = clock.after(patience, onPatienceOver)
    signal.addEventListener('abort', onAbort)
  })
