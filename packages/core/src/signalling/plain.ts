import type { Clock } from '../clock'
import type { PlainChannel } from '../transport'
import { drainChannel } from './drain'
import { linkStats } from './link-stats'
import type { PeerjsConnection } from './peerjs'

/** How many values may wait for a reader; a remote that sends more before it is read is closed. */
const maxUnread = 64

type Reader = Parameters<PlainChannel['listen']>[0]

/** Wraps an open PeerJS connection to a remote that is not nanopeer: PeerJS serializes and queues. */
export const createPlainChannel = (
  connection: PeerjsConnection,
  clock: Clock,
  metadata?: unknown,
): PlainChannel => {
  const { peerConnection, dataChannel: channel } = connection
  if (!peerConnection || !channel) throw new TypeError('A plain channel needs an open connection.')
  const remoteId = connection.peer
  let reader: Reader | null = null
  let unread: unknown[] = []
  let isClosed = false
  let closing: Promise<void> | null = null

  const tellClosed = () => {
    const told = reader
    reader = null
    told?.closed()
  }

  const abort = () => {
    if (isClosed) return
    isClosed = true
    connection.removeAllListeners()
    connection.close()
    tellClosed()
  }

  connection.on('data', (value) => {
    if (reader) return reader.value(value)
    unread.push(value)
    if (unread.length > maxUnread) abort()
  })
  connection.on('close', abort)

  return {
    remoteId,
    metadata,
    get bufferedAmount() {
      return isClosed ? 0 : channel.bufferedAmount
    },
    listen(events) {
      reader = events
      const waiting = unread
      unread = []
      for (const value of waiting) if (reader === events) events.value(value)
      if (isClosed) tellClosed()
      return () => {
        if (reader === events) reader = null
      }
    },
    send(value) {
      if (!isClosed) void connection.send(value)
    },
    close() {
      closing ??= isClosed ? Promise.resolve() : drainChannel(channel, clock, 2_000).then(abort)
      return closing
    },
    stats: () => linkStats(isClosed ? null : peerConnection),
  }
}
