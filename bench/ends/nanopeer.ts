/** nanopeer, as its users write it. */
import {
  action,
  type Connection,
  createPeer,
  loadIdentity,
  type Pairing,
  type Peer,
  type PeerOptions,
} from '@nanopeer/core'
import type { Asker, Contestant, Meeting } from './contestant'
import { drain, streamOf } from './payload'
import { undecided } from './undecided'

export const echo = action<unknown, unknown>('echo')
export const download = action.bytes<{ size: number }>('download')
const upload = action<void, number>('upload')

/** What the source on either side hands over at once. */
const piece = 256 * 1024

export const optionsOf = ({ signalling }: Meeting): PeerOptions => ({
  server: { ...signalling, secure: false },
  iceServers: [],
  accept: 'anyone',
  // Nobody dials this often, and no hundred strangers within seconds; a benchmark does.
  limits: { dialsPerMinute: 10_000, handshakes: 1024 },
})

/** How a peer is made: core's own way in a page, `@nanopeer/node`'s in a Node process. */
export type CreatePeer = (id: string, options: PeerOptions) => Peer

/** Registers what every measurement asks for. */
function serve(peer: Peer): void {
  peer.handle(echo, (value) => value)
  // What large values are asked of: the answer is the application's matter.
  peer.handle('take', () => null)
  peer.handle(download, ({ size }) => new Response(streamOf(size, piece)))
  peer.handle(upload, (_input, { body }) => drain(body as ReadableStream<Uint8Array>))
}

function askThrough(connection: Connection, close: () => Promise<void>): Asker {
  const read = async (size: number, arrived?: (bytes: number) => void | Promise<void>) => {
    const { body } = await connection.request(download, { size })
    if (!body || (await drain(body, arrived)) !== size) throw new Error('The answer is not whole.')
  }
  return {
    echo: (value) => connection.request(echo, value),
    download: read,
    downloadSlowly: (size, bytesPerSecond) => read(size, slowly(bytesPerSecond)),
    async upload(size) {
      const received = await connection.request(upload, undefined, { body: streamOf(size, piece) })
      if (received !== size) throw new Error('The upload is not whole.')
    },
    resume: () => resumeOf(connection),
    back: () => backOf(connection),
    close,
  }
}

/** Ms from when the link is gone to the answer of a request on the next one. */
async function resumeOf(connection: Connection): Promise<number> {
  await untilState(connection, (state) => state === 'reconnecting')
  const start = performance.now()
  await connection.request(echo, null)
  return performance.now() - start
}

/** When the device answered again, as soon as there was a link, epoch ms. */
async function backOf(connection: Connection): Promise<number> {
  await untilState(connection, (state) => state !== 'open' && state !== 'unstable')
  for (;;) {
    await untilState(connection, (state) => state === 'open')
    try {
      await connection.request(echo, null)
      return Date.now()
    } catch {
      // Lost again before it was answered.
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const untilState = ({ $status }: Connection, isIt: (state: string) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = $status.subscribe(({ state }) => {
      if (!isIt(state)) return
      resolve()
      queueMicrotask(() => stop())
    })
  })

/** Holds a reader back so that it takes no more than so many bytes a second. */
function slowly(bytesPerSecond: number): (bytes: number) => Promise<void> {
  const start = performance.now()
  let read = 0
  return async (bytes) => {
    read += bytes
    const early = start + (read / bytesPerSecond) * 1000 - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
  }
}

/** Where the peer can be paired with: from the first call on it shows a code, and another one when that is spent. */
const showCodes = (peer: Peer): (() => string | null) => {
  let shown: Pairing | null = null
  return () => {
    if (!shown || shown.$state.get().status === 'failed') shown = peer.pair()
    const { code } = shown.$state.get()
    return code && `nanopeer-pair-${code.slice(0, 6)}`
  }
}

type OptionsOf = (meeting: Meeting, end: 'device' | 'asker') => PeerOptions | Promise<PeerOptions>

export const nanopeerWith = (create: CreatePeer, options: OptionsOf = optionsOf): Contestant => ({
  async answer(meeting) {
    const peer = create(meeting.deviceId, await options(meeting, 'device'))
    serve(peer)
    await peer.open()
    return { close: () => peer.destroy(), rendezvous: showCodes(peer) }
  },
  async ask(meeting) {
    const peer = create(crypto.randomUUID(), await options(meeting, 'asker'))
    await peer.open()
    return {
      async dial() {
        const connection = peer.connect(meeting.deviceId)
        return askThrough(connection, () => connection.close())
      },
      close: () => peer.destroy(),
    }
  },
})

export const nanopeer = nanopeerWith(createPeer)

/** Where both ends prove the meeting's secret to each other. */
export const withSecret = nanopeerWith(createPeer, (meeting) => ({
  ...optionsOf(meeting),
  secret: meeting.secret,
}))

/** Where each end has a key of its own and shows it. */
export const withIdentity = nanopeerWith(createPeer, async (meeting, end) => ({
  ...optionsOf(meeting),
  identity: await loadIdentity(end),
}))

/** With the limits that everybody has. */
export const guarded = nanopeerWith((id, { limits, ...options }) => createPeer(id, options))

/** With them, and slow: it never says whether it serves those whose id says so. */
export const undecidedWith = (create: CreatePeer): Contestant =>
  nanopeerWith((id, { limits, ...options }) => {
    const accept: PeerOptions['accept'] = (remote) =>
      remote.id.startsWith(undecided) ? new Promise<boolean>(() => {}) : true
    // It says of each stranger that there are too many.
    return create(id, { ...options, accept, onError: () => {} })
  })

/** With them, and both ends prove a secret and a key to each other. */
export const proved = nanopeerWith(
  (id, { limits, ...options }) => createPeer(id, options),
  async (meeting, end) => ({
    ...optionsOf(meeting),
    secret: meeting.secret,
    identity: await loadIdentity(end),
  }),
)
