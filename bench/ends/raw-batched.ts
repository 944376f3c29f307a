/**
 * A raw channel again, with what is asked in one turn of the event loop as one JSON message: what batching gives at
 * most here, when nothing else has to be done. Bulk is not its matter.
 */
import type { Asker, Contestant, Dialler } from './contestant'
import { acceptRaw, dialRaw } from './raw-signalling'

interface Echo {
  readonly id: number
  readonly value: unknown
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Sends everything of one turn as one message, and hears those of the other end. */
function batched(channel: RTCDataChannel, arrived: (echo: Echo) => void): (echo: Echo) => void {
  let queue: Echo[] = []
  channel.binaryType = 'arraybuffer'
  channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    for (const echo of JSON.parse(decoder.decode(data)) as Echo[]) arrived(echo)
  }
  return (echo) => {
    if (queue.push(echo) > 1) return
    queueMicrotask(() => {
      channel.send(encoder.encode(JSON.stringify(queue)))
      queue = []
    })
  }
}

function askOn(channel: RTCDataChannel, close: () => void): Asker {
  const echoes = new Map<number, (value: unknown) => void>()
  let count = 0
  const send = batched(channel, ({ id, value }) => {
    echoes.get(id)?.(value)
    echoes.delete(id)
  })
  const noBulk = () => Promise.reject(new Error('This contestant only echoes.'))
  return {
    echo(value) {
      const id = ++count
      send({ id, value })
      return new Promise((resolve) => echoes.set(id, resolve))
    },
    download: noBulk,
    upload: noBulk,
    close: async () => close(),
  }
}

export const rawBatched: Contestant = {
  async answer(meeting) {
    const stop = await acceptRaw(meeting, (channel) => {
      const send = batched(channel, (echo) => send(echo))
    })
    return { close: async () => stop() }
  },
  async ask(meeting): Promise<Dialler> {
    return {
      async dial() {
        const { channel, close } = await dialRaw(meeting)
        return askOn(channel, close)
      },
      close: async () => {},
    }
  },
}
