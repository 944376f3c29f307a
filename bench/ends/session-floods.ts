/** What a hostile page does, over and over, to a device that serves anybody: to its handshakes and sessions. */

import { encodeValue } from '../../packages/core/src/codec/write'
import { encodeFrames, FrameType } from '../../packages/core/src/engine/wire/frame'
import { encodeVarint } from '../../packages/core/src/engine/wire/varint'
import { acknowledge, frame, hello, ready, request } from '../../packages/core/test/hostile/mallory'
import { type Flood, highWater, type Message, overDials, overLink, streams } from './flood'

/** A handshake, and then this. */
const afterHello = (...bytes: number[]): Message => {
  const start = encodeFrames(hello(), ready())
  const message = new Uint8Array(start.length + bytes.length)
  message.set(start)
  message.set(bytes, start.length)
  return message
}

/** 50,000 empty objects in 50,000 bytes, as the input of a request. */
const structure = (): Message => {
  const objects = Uint8Array.from([0xdd, 0, 0, 0xc3, 0x50, ...new Array<number>(50_000).fill(0x80)])
  const head = encodeValue(['echo', 0, false, null], 'INVALID_INPUT')
  const payload = Uint8Array.from([...encodeVarint(head.length), ...head, ...objects])
  return encodeFrames(...streams(1).map((it) => frame(FrameType.Request, it, payload)))
}

/** Offers through a socket of one's own that no PeerJS would make; each is as large as the largest one tried. */
const offers: Flood = async ({ meeting, pass }) => {
  const { host, port, path } = meeting.signalling
  const socket = new WebSocket(
    `ws://${host}:${port}${path}peerjs?key=peerjs&id=mallory-${crypto.randomUUID()}&token=raw`,
  )
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const payload = { type: 'data', sdp: { type: 'offer', sdp: 'v=0' }, label: 'nanopeer/1', reliable: true }
  const large = JSON.stringify({
    type: 'OFFER',
    dst: meeting.deviceId,
    payload: { ...payload, connectionId: 'dc_large', serialization: 'raw', metadata: 'x'.repeat(100_000) },
  })
  const unknown = JSON.stringify({
    type: 'OFFER',
    dst: meeting.deviceId,
    payload: { ...payload, connectionId: 'dc_unknown', serialization: '__proto__' },
  })
  return async () => {
    socket.send(large)
    for (let count = 0; count < 20; count++) socket.send(unknown)
    while (socket.bufferedAmount > highWater) await pass(1)
    // The server itself would be drowned by more, and everybody with it.
    await pass(4)
  }
}

/** By what a reader of the results calls them. */
export const sessionFloods = {
  'HELLO flood': overDials(encodeFrames(...Array.from({ length: 1000 }, () => hello()))),
  dials: async ({ join, meeting, pass }) => {
    return async () => {
      const mallory = await join()
      mallory.flood(meeting.deviceId, 25)
      await pass(200)
      await mallory.leave()
    }
  },
  offers,
  'huge lengths': overDials(afterHello(FrameType.Message, 0, ...encodeVarint(2 ** 52), 1, 2, 3)),
  'acknowledging too much': overDials(afterHello(...encodeFrames(acknowledge(1_000_000)))),
  'deep nesting': overDials(
    afterHello(...encodeFrames(frame(FrameType.Message, 0, new Uint8Array(60_000).fill(0x91)))),
  ),
  cancels: (() => {
    const storm = encodeFrames(
      ...Array.from({ length: 20_000 }, (_, index) => frame(FrameType.Cancel, 2 * index + 2)),
    )
    return overLink(() => storm)
  })(),
  pings: (() => {
    const storm = encodeFrames(
      ...Array.from({ length: 10_000 }, (_, index) => frame(FrameType.Ping, 0, encodeVarint(index + 1))),
    )
    return overLink(() => storm)
  })(),
  'requests never acknowledged': overLink(() =>
    encodeFrames(...streams(200).map((it) => request(it, 'echo', 'x'.repeat(100)))),
  ),
  'downloads never read': overLink(() =>
    encodeFrames(...streams(100).map((it) => request(it, 'download', { size: 1e12 }, 'bytes'))),
  ),
  'requests that are cancelled': overLink(() => {
    const wanted = streams(200)
    return encodeFrames(
      ...wanted.map((it) => request(it, 'download', { size: 1e12 }, 'bytes')),
      ...wanted.map((it) => frame(FrameType.Cancel, it)),
    )
  }),
  'empty pieces': (() => {
    const upload = 2
    const pieces = encodeFrames(...Array.from({ length: 10_000 }, () => frame(FrameType.Data, upload)))
    const begin = encodeFrames(request(upload, 'upload', null, 'value', { size: null }))
    return overLink(
      () => pieces,
      () => begin,
    )
  })(),
  'values that never end': overLink(() =>
    encodeFrames(...streams(200).map((it) => frame(FrameType.Request, it, Uint8Array.of(1), true))),
  ),
  'large structures': overLink(structure),
} satisfies Record<string, Flood>
