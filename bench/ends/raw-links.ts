/** Raw channels on connections of their own that share one transfer: any piece goes over any of them, in any order. */
import type { Asker, BulkSettings, Contestant, Meeting } from './contestant'
import { pieces } from './payload'
import { acceptRaw, dialRaw } from './raw-signalling'
import { RawWriter } from './raw-writer'

/** What each channel is told, as JSON. The transfer's name says what its channels share. */
type Order =
  | { readonly order: 'download' | 'upload'; readonly transfer: string; readonly size: number }
  | { readonly echo: unknown }

/** What is left of a transfer. */
interface Transfer {
  readonly pieces: Iterable<Uint8Array<ArrayBuffer>>
  left: number
}

/** All channels together hold what one would. */
const shareOf = ({ message, highWater }: BulkSettings, count: number): BulkSettings => ({
  message,
  highWater: Math.max(message, highWater / count),
})

function answerOn(channel: RTCDataChannel, bulk: BulkSettings, transfers: Map<string, Transfer>): void {
  const writer = new RawWriter(channel, bulk)
  let uploading: Transfer | null = null
  channel.binaryType = 'arraybuffer'
  channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data !== 'string') {
      if (!uploading) return
      uploading.left -= data.byteLength
      if (uploading.left === 0) channel.send('"uploaded"')
      return
    }
    const order = JSON.parse(data) as Order
    if ('echo' in order) return channel.send(data)
    const transfer = transfers.get(order.transfer) ?? {
      pieces: pieces(order.size, bulk.message),
      left: order.size,
    }
    transfers.set(order.transfer, transfer)
    if (order.order === 'upload') uploading = transfer
    else void writer.write(transfer.pieces)
  }
}

function askOn(channels: readonly RTCDataChannel[], bulk: BulkSettings, close: () => void): Asker {
  const writers = channels.map((channel) => new RawWriter(channel, bulk))
  let heard: (text: string) => void = () => {}
  let arrived: (bytes: number) => void = () => {}
  for (const channel of channels) {
    channel.binaryType = 'arraybuffer'
    channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') heard(data)
      else arrived(data.byteLength)
    }
  }
  const order = (kind: 'download' | 'upload', size: number) => {
    const text = JSON.stringify({ order: kind, transfer: crypto.randomUUID(), size })
    for (const channel of channels) channel.send(text)
  }
  const answer = () =>
    new Promise<string>((resolve) => {
      heard = resolve
    })
  return {
    async echo(value) {
      const echoed = answer()
      channels[0]?.send(JSON.stringify({ echo: value }))
      return (JSON.parse(await echoed) as { echo: unknown }).echo
    },
    download: (size, told) =>
      new Promise((resolve) => {
        let left = size
        arrived = (bytes) => {
          left -= bytes
          told?.(bytes)
          if (left === 0) resolve()
        }
        order('download', size)
      }),
    async upload(size) {
      const uploaded = answer()
      order('upload', size)
      const source = pieces(size, bulk.message)
      await Promise.all(writers.map((writer) => writer.write(source)))
      await uploaded
    },
    close: async () => close(),
  }
}

export const rawLinks = (count: number): Contestant => ({
  async answer(meeting: Meeting) {
    const transfers = new Map<string, Transfer>()
    const bulk = shareOf(meeting.bulk, count)
    const stop = await acceptRaw(meeting, (channel) => answerOn(channel, bulk, transfers))
    return { close: async () => stop() }
  },
  async ask(meeting) {
    return {
      async dial() {
        const links = await Promise.all(Array.from({ length: count }, () => dialRaw(meeting)))
        const close = () => {
          for (const link of links) link.close()
        }
        return askOn(
          links.map(({ channel }) => channel),
          shareOf(meeting.bulk, count),
          close,
        )
      },
      close: async () => {},
    }
  },
})
