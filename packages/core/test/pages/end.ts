/** A page that is one end of a connection: it serves a device's actions, and asks when a test tells it to. */
import { action, type Connection, createPeer, type Peer, type ServerOptions } from '@nanopeer/core'
import { watchOpenConnections } from '../support/open-connections'
import { streamOf } from './pattern'

const echo = action<unknown, unknown>('echo')
const read = action.bytes<{ chunks: number; cutAt?: number }>('read')
const write = action<{ cutAt?: number }, { loaded: number; hash: string }>('write')
const count = action.events<{ to: number }, number>('count')
const stuck = action<null, null>('stuck')

const open = watchOpenConnections()

/** Ends the path under everything, as no goodbye does. */
const cut = () => {
  for (const connection of open) connection.close()
}

const hashOf = async (bytes: ArrayBuffer): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Passes bytes on, and says how many have passed. */
const metered = (loaded: (bytes: number) => void) => {
  let bytes = 0
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk)
      bytes += chunk.length
      loaded(bytes)
    },
  })
}

/** Once something has reached `mark`, the path is cut; never where there is no mark. */
const cutter = (mark = Number.POSITIVE_INFINITY) => {
  let isDue = true
  return (reached: number) => {
    if (!isDue || reached < mark) return
    isDue = false
    cut()
  }
}

let peer: Peer
let connection: Connection

const serve = (device: Peer) => {
  device.handle(echo, (input) => {
    end.runs.push('echo')
    return input
  })
  device.handle(read, ({ chunks, cutAt }) => streamOf(chunks, cutter(cutAt)))
  device.handle(write, async ({ cutAt }, { body }) => {
    const metering = metered(cutter(cutAt))
    const bytes = await new Response(body?.pipeThrough(metering)).arrayBuffer()
    return { loaded: bytes.byteLength, hash: await hashOf(bytes) }
  })
  device.handle(count, async function* ({ to }) {
    try {
      for (let number = 1; number <= to; number++) yield number
    } finally {
      end.runs.push('count is over')
    }
  })
  device.handle(stuck, (_input, { signal }) => {
    end.runs.push('stuck')
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        end.runs.push('stuck is over')
        reject(signal.reason)
      }),
    )
  })
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error)

export const end = {
  /** What the handlers here have done, in order. */
  runs: [] as string[],

  async join(id: string, server: ServerOptions, secret?: string) {
    end.runs = []
    peer = createPeer(id, { server, secret, iceServers: [], accept: 'anyone', onError: () => {} })
    serve(peer)
    await peer.open()
  },

  connect(remoteId: string) {
    connection = peer.connect(remoteId)
  },

  leave: () => peer.destroy(),

  links: () => connection.$stats.get().links,

  /** The answer to a request, or the code that it failed with. */
  ask: (input: unknown) => connection.request(echo, input).catch(codeOf),

  /** Whether what JSON cannot say comes back as what it was. */
  async askWhatJsonCannotSay() {
    const sent = {
      date: new Date(7),
      large: 2n ** 60n,
      none: Number.NaN,
      floats: new Float32Array([0.5, -1]),
    }
    const { date, large, none, floats } = (await connection.request(echo, sent)) as typeof sent
    return [date instanceof Date && +date === 7, large === sent.large, Number.isNaN(none), `${floats}`]
  },

  async download(chunks: number, cutAt?: number) {
    const response = await connection.request(read, { chunks, cutAt })
    const bytes = await response.arrayBuffer()
    return { loaded: bytes.byteLength, hash: await hashOf(bytes) }
  },

  upload: (chunks: number, cutAt?: number) =>
    connection.request(write, { cutAt }, { body: streamOf(chunks) }),

  /** @param stopAt the number behind which nobody reads on */
  async events(to: number, stopAt = to) {
    const numbers: number[] = []
    for await (const number of await connection.request(count, { to })) {
      numbers.push(number)
      if (number === stopAt) break
    }
    return numbers
  },

  abort: new AbortController(),

  /** A request that only `end.abort` ends. */
  askForEver() {
    end.abort = new AbortController()
    return connection.request(stuck, null, { signal: end.abort.signal, timeout: 0 }).catch(codeOf)
  },
}

declare global {
  var nanopeerEnd: typeof end
}
globalThis.nanopeerEnd = end
