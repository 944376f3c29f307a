/** PeerJS with one of its serializations, as its users write it, with the back-pressure that it leaves to them. */
import { type DataConnection, MsgPackPeer, Peer } from 'peerjs'
import type { Asker, BulkSettings, Contestant, Dialler, Meeting } from './contestant'
import { pieces } from './payload'
import { lowWater } from './raw-writer'

type Message =
  | { readonly id: number; readonly value: unknown }
  | { readonly download: number }
  | { readonly upload: number }
  | { readonly uploaded: true }
  | { readonly bytes: ArrayBuffer | Uint8Array | string }

/** `json` cannot send bytes: they go as base64, in values below the 16,300 bytes that it takes. */
const jsonPiece = 12_000

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

const sizeOf = (bytes: ArrayBuffer | Uint8Array | string): number =>
  typeof bytes === 'string' ? atob(bytes).length : bytes.byteLength

function createBulk(connection: DataConnection, serialization: string, { message, highWater }: BulkSettings) {
  const isJson = serialization === 'json'
  return async (size: number): Promise<void> => {
    const channel = connection.dataChannel
    channel.bufferedAmountLowThreshold = highWater / 2
    for (const piece of pieces(size, isJson ? jsonPiece : message)) {
      if (channel.bufferedAmount > highWater) await lowWater(channel)
      await connection.send({ bytes: isJson ? toBase64(piece) : piece })
    }
  }
}

function answerOn(connection: DataConnection, serialization: string, { bulk }: Meeting): void {
  const write = createBulk(connection, serialization, bulk)
  let uploading = 0
  connection.on('data', (data) => {
    const message = data as Message
    if ('id' in message) connection.send(message)
    else if ('download' in message) void write(message.download)
    else if ('upload' in message) uploading = message.upload
    else if ('bytes' in message) {
      uploading -= sizeOf(message.bytes)
      if (uploading === 0) connection.send({ uploaded: true })
    }
  })
}

function askOn(connection: DataConnection, serialization: string, { bulk }: Meeting): Asker {
  const write = createBulk(connection, serialization, bulk)
  const echoes = new Map<number, (value: unknown) => void>()
  let count = 0
  let wanted: { left: number; arrived?: (bytes: number) => void; done(): void } | null = null
  let uploaded = () => {}
  connection.on('data', (data) => {
    const message = data as Message
    if ('id' in message) {
      echoes.get(message.id)?.(message.value)
      echoes.delete(message.id)
    } else if ('uploaded' in message) uploaded()
    else if ('bytes' in message && wanted) {
      const bytes = sizeOf(message.bytes)
      wanted.left -= bytes
      wanted.arrived?.(bytes)
      if (wanted.left === 0) wanted.done()
    }
  })
  return {
    echo(value) {
      const id = ++count
      connection.send({ id, value })
      return new Promise((resolve) => echoes.set(id, resolve))
    },
    async download(size, arrived) {
      connection.send({ download: size })
      await new Promise<void>((done) => {
        wanted = { left: size, arrived, done }
      })
    },
    async upload(size) {
      connection.send({ upload: size })
      const done = new Promise<void>((resolve) => {
        uploaded = resolve
      })
      await write(size)
      await done
    },
    close: async () => connection.close(),
  }
}

type Serialization = 'json' | 'binary' | 'MsgPack'

async function register(id: string, { signalling }: Meeting, serialization: Serialization): Promise<Peer> {
  const Constructor = serialization === 'MsgPack' ? MsgPackPeer : Peer
  const peer = new Constructor(id, { ...signalling, secure: false, config: { iceServers: [] } })
  await new Promise((resolve, reject) => peer.once('open', resolve).once('error', reject))
  return peer
}

/** Dials the device, and has `askOn` ask on what has opened. */
export async function dialPeerjs(
  meeting: Meeting,
  serialization: Serialization,
  askOn: (connection: DataConnection) => Asker,
): Promise<Dialler> {
  const peer = await register(crypto.randomUUID(), meeting, serialization)
  let dialled: DataConnection | null = null
  return {
    async dial() {
      const connection = peer.connect(meeting.deviceId, { serialization, reliable: true })
      dialled = connection
      await new Promise((resolve, reject) =>
        connection.once('open', () => resolve(null)).once('error', reject),
      )
      return askOn(connection)
    },
    giveUp() {
      const { peerConnection, dataChannel } = dialled ?? {}
      const states = [
        peerConnection?.connectionState,
        peerConnection?.iceConnectionState,
        dataChannel?.readyState,
      ]
      dialled?.close()
      return states.map((state) => state ?? 'gone').join(' · ')
    },
    close: async () => peer.destroy(),
  }
}

export const peerjs = (serialization: Serialization): Contestant => {
  return {
    async answer(meeting) {
      const peer = await register(meeting.deviceId, meeting, serialization)
      peer.on('connection', (connection) => answerOn(connection, serialization, meeting))
      return { close: async () => peer.destroy() }
    },
    ask: (meeting) =>
      dialPeerjs(meeting, serialization, (connection) => askOn(connection, serialization, meeting)),
  }
}
