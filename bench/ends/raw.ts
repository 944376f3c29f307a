/** A hand-written `RTCDataChannel`: no library, no framing, as little as can be. What all else is measured against. */
import type { Asker, Contestant, Dialler, Meeting } from './contestant'
import { pieces } from './payload'
import { RawReader } from './raw-reader'
import { acceptRaw, dialRaw } from './raw-signalling'
import { RawWriter } from './raw-writer'

/** What the asker tells the device, as JSON; bytes are either echoed or counted. */
type Order =
  | { readonly order: 'download'; readonly size: number }
  | { readonly order: 'upload'; readonly size: number }
  | { readonly id: number; readonly value: unknown }

function answerOn(channel: RTCDataChannel, { bulk }: Meeting): void {
  const writer = new RawWriter(channel, bulk)
  let uploading = 0
  channel.binaryType = 'arraybuffer'
  channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data !== 'string') {
      if (uploading === 0) return channel.send(data)
      uploading -= data.byteLength
      if (uploading === 0) channel.send('uploaded')
      return
    }
    const order = JSON.parse(data) as Order
    if (!('order' in order)) channel.send(JSON.stringify(order))
    else if (order.order === 'upload') uploading = order.size
    else void writer.write(pieces(order.size, bulk.message))
  }
}

function askOn(channel: RTCDataChannel, { bulk }: Meeting, close: () => void): Asker {
  const reader = new RawReader(channel)
  const writer = new RawWriter(channel, bulk)
  let count = 0
  return {
    echo(value) {
      const id = ++count
      channel.send(JSON.stringify({ id, value }))
      return reader.echoOf(id)
    },
    echoBytes(bytes) {
      channel.send(bytes)
      return reader.bytes(bytes.length)
    },
    async download(size, arrived) {
      channel.send(JSON.stringify({ order: 'download', size }))
      await reader.bytes(size, arrived)
    },
    async upload(size) {
      channel.send(JSON.stringify({ order: 'upload', size }))
      const done = reader.uploaded()
      await writer.write(pieces(size, bulk.message))
      await done
    },
    close: async () => close(),
  }
}

export const raw: Contestant = {
  async answer(meeting) {
    const stop = await acceptRaw(meeting, (channel) => answerOn(channel, meeting))
    return { close: async () => stop() }
  },
  async ask(meeting): Promise<Dialler> {
    return {
      async dial() {
        const { channel, close } = await dialRaw(meeting)
        return askOn(channel, meeting, close)
      },
      close: async () => {},
    }
  },
}
