import type { Clock } from '../clock'
import type { Link, LinkEvents } from '../transport'
import { drainChannel } from './drain'
import { fingerprintsOf } from './fingerprints'
import { linkStats } from './link-stats'
import type { PeerjsConnection } from './peerjs'

/** What may wait for a reader, in bytes; a remote that sends more before it is read is closed. */
const maxUnread = 65_536

/**
 * Wraps an open PeerJS connection. Messages bypass PeerJS and go straight to the data channel: its own queue polls
 * every 50 ms and has no bound.
 *
 * Must be called in the tick in which the channel opens, or messages are lost.
 */
export const createLink = (connection: PeerjsConnection, clock: Clock, metadata?: unknown): Link => {
  const { peerConnection, dataChannel: channel } = connection
  if (!peerConnection || !channel) throw new TypeError('A link needs an open connection.')
  const remoteId = connection.peer
  const size = peerConnection.sctp?.maxMessageSize
  const maxMessageSize = size && Number.isFinite(size) ? size : null

  let reader: LinkEvents | null = null
  let unread: Uint8Array[] = []
  let unreadBytes = 0
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
    channel.removeEventListener('message', onMessage)
    channel.removeEventListener('bufferedamountlow', onDrained)
    connection.removeAllListeners()
    connection.close()
    tellClosed()
  }

  /** PeerJS closed the connection: the remote closed its channel, or ICE gave up, which it tells first. */
  const onClose = () => {
    byRemote = !closing && pathWorks
    abort()
  }

  const onMessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    // The other end speaks bytes; a string is a remote that only borrowed the label.
    if (typeof data === 'string') return abort()
    const bytes = new Uint8Array(data)
    if (reader) return reader.message(bytes)
    unreadBytes += bytes.byteLength
    if (unreadBytes > maxUnread) return abort()
    unread.push(bytes)
  }

  const onDrained = () => reader?.drained()

  channel.binaryType = 'arraybuffer'
  channel.addEventListener('message', onMessage)
  channel.addEventListener('bufferedamountlow', onDrained)
  connection.on('iceStateChanged', (state) => {
    pathWorks = state === 'connected' || state === 'completed'
  })
  connection.on('error', () => {
    pathWorks = false
  })
  connection.on('close', onClose)

  return {
    remoteId,
    metadata,
    maxMessageSize,
    get bufferedAmount() {
      return isClosed ? 0 : channel.bufferedAmount
    },
    get lowWater() {
      return channel.bufferedAmountLowThreshold
    },
    set lowWater(bytes) {
      channel.bufferedAmountLowThreshold = bytes
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
      if (isClosed || channel.readyState !== 'open') return
      try {
        channel.send(message)
      } catch {
        // A message that an ordered, reliable channel did not take leaves a hole: the link is over.
        abort()
      }
    },
    close(drainTimeout = 2_000) {
      closing ??= isClosed ? Promise.resolve() : drainChannel(channel, clock, drainTimeout).then(abort)
      return closing
    },
    stats: () => linkStats(isClosed ? null : peerConnection),
    fingerprints: () => fingerprintsOf(peerConnection),
  }
}
