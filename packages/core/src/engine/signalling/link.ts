import type { Link, LinkEvents, PlainChannel } from '../../base/transport'
import { messageOverhead } from '../wire/limits'
import { drainChannel, type Environment } from './drain'
import { fingerprintsOf } from './fingerprints'
import { linkStats } from './link-stats'
import type { PeerjsConnection } from './peerjs'

/** What may wait for a reader, in bytes of memory; a remote that sends more before it is read is closed. */
const defaultMaxUnread = 65_536

/**
 * Wraps an open PeerJS connection. Messages bypass PeerJS and go straight to the data channel: its own queue polls
 * every 50 ms and has no bound.
 *
 * Must be called in the tick in which the channel opens, or messages are lost.
 *
 * @param takesText - whether a message may be a string, which then is its UTF-8 bytes. Our own other end sends none:
 * there it is a remote that only borrowed the label.
 */
export const createLink = (
  connection: PeerjsConnection,
  environment: Environment,
  metadata?: unknown,
  takesText = false,
): Link & Pick<PlainChannel, 'maxUnread'> => {
  const { peerConnection, dataChannel: channel } = connection
  if (!peerConnection || !channel) throw new TypeError('A link needs an open connection.')
  const remoteId = connection.peer
  const size = peerConnection.sctp?.maxMessageSize
  const maxMessageSize = size && Number.isFinite(size) ? size : null

  let reader: LinkEvents | null = null
  let unread: Uint8Array[] = []
  let unreadBytes = 0
  let maxUnread = defaultMaxUnread
  let isClosed = false
  let byRemote = false
  let pathWorks = true
  let closing: Promise<void> | null = null

  const tellClosed = () => {
    if (!reader) return
    const { closed } = reader
    reader = null
    closed(byRemote)
  }

  const abort = () => {
    if (isClosed) return
    isClosed = true
    channel.removeEventListener('close', onClose)
    connection.removeAllListeners()
    // The connection under it may stay open for a while, for the last picture that came over it.
    channel.close()
    connection.close()
    tellClosed()
  }

  const onClose = () => {
    // Our own close goes on until the remote has everything.
    if (closing) return
    byRemote = pathWorks
    abort()
  }

  /**
   * Whether it hears and can say nothing, for good: one time in some hundreds, Chromium takes back that a channel which
   * the remote made is open, because the news that it was connecting arrives last (docs/decisions/0016).
   */
  const isMute = () => channel.readyState === 'connecting'

  const onMessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    // Before anything is done that could not be answered; the remote dials again.
    if (isClosed || isMute()) return abort()
    const isText = typeof data === 'string'
    if (isText && !takesText) return abort()
    const bytes = isText ? new TextEncoder().encode(data) : new Uint8Array(data)
    if (reader) return reader.message(bytes)
    unreadBytes += bytes.byteLength + messageOverhead
    if (unreadBytes > maxUnread) return abort()
    unread.push(bytes)
  }

  const onDrained = () => {
    // libdatachannel tells it late, when there may be more again.
    if (channel.bufferedAmount <= channel.bufferedAmountLowThreshold) reader?.drained()
  }

  channel.binaryType = 'arraybuffer'
  channel.addEventListener('message', onMessage)
  channel.addEventListener('bufferedamountlow', onDrained)
  channel.addEventListener('close', onClose)
  // PeerJS would close the whole connection in the middle of a drain.
  channel.onclose = null
  // PeerJS makes a line for its log of every message, whether it logs or not.
  channel.onmessage = null
  // PeerJS would look for the call that a track belongs to, and fail.
  peerConnection.ontrack = null
  // Of a remote that is not nanopeer it would unpack what a stranger sends, without bounds, and throw where nobody can
  // catch it: five bytes keep it busy for minutes, one byte (null) ends a Node process.
  connection._handleDataMessage = () => {}
  connection.on('iceStateChanged', (state) => {
    pathWorks = state === 'connected' || state === 'completed'
  })
  // PeerJS closes a connection whose path is lost.
  connection.on('close', abort)

  return {
    remoteId,
    metadata,
    maxMessageSize,
    get bufferedAmount() {
      return isClosed ? 0 : channel.bufferedAmount
    },
    get maxUnread() {
      return maxUnread
    },
    set maxUnread(bytes) {
      maxUnread = bytes
    },
    get lowWater() {
      return channel.bufferedAmountLowThreshold
    },
    set lowWater(bytes) {
      // Set with every message, and nearly always to what it is.
      if (bytes !== channel.bufferedAmountLowThreshold) channel.bufferedAmountLowThreshold = bytes
    },
    listen(events) {
      reader = events
      const waiting = unread
      unread = []
      unreadBytes = 0
      for (const bytes of waiting) if (reader === events) events.message(bytes)
      if (isClosed) tellClosed()
      return () => {
        if (reader === events) reader = null
      }
    },
    send(message) {
      if (isMute()) return abort()
      if (isClosed || channel.readyState !== 'open') return
      try {
        channel.send(message)
      } catch {
        // A message that an ordered, reliable channel did not take leaves a hole: the link is over.
        abort()
      }
    },
    close(drainTimeout = 2_000) {
      closing ??= isClosed
        ? Promise.resolve()
        : drainChannel(channel, peerConnection, environment, drainTimeout).then(abort)
      return closing
    },
    // Node's has no tracks.
    trackConnection: typeof MediaStream === 'undefined' ? null : peerConnection,
    stats: () => linkStats(isClosed ? null : peerConnection),
    fingerprints: () => fingerprintsOf(peerConnection),
  }
}
