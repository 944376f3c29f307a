/** Trystero over the relay: its own strategies need servers on the internet. */
import { createTopicStrategy, type Room, selfId } from '@trystero-p2p/core'
import type { Asker, Contestant, Meeting } from './contestant'
import { pieces } from './payload'
import { connectRelay, type RelayClient } from './relay-client'

type Config = { readonly appId: string; readonly url: string }

const relays = new Map<string, Promise<RelayClient>>()

const joinRoom = createTopicStrategy<RelayClient, Config>({
  init({ url }) {
    const relay = relays.get(url) ?? connectRelay(url)
    relays.set(url, relay)
    return relay
  },
  subscribeTopic: (relay, topic, listener) => relay.follow(topic, (text) => void listener(topic, text)),
  publishTopic(relay, topic, message) {
    relay.publish(topic, typeof message === 'string' ? message : JSON.stringify(message))
  },
})

const enter = ({ relay, deviceId }: Meeting): Room =>
  joinRoom({ appId: 'nanopeer-bench', url: relay }, deviceId)

function answerIn(room: Room, { bulk }: Meeting): void {
  room.makeAction('echo', { kind: 'request', onRequest: (value) => value })
  const bytes = room.makeAction<Uint8Array>('bytes')
  let uploading = 0
  let whenUploaded = () => {}
  bytes.onMessage = (piece) => {
    uploading -= piece.byteLength
    if (uploading === 0) whenUploaded()
  }
  room.makeAction<number, null>('download', {
    kind: 'request',
    async onRequest(size, { peerId }) {
      for (const piece of pieces(size, bulk.message)) await bytes.send(piece, { target: peerId })
      return null
    },
  })
  room.makeAction<number, null>('upload', {
    kind: 'request',
    onRequest(size) {
      uploading = size
      return new Promise((resolve) => {
        whenUploaded = () => resolve(null)
      })
    },
  })
}

function askIn(room: Room, target: string, { bulk }: Meeting): Asker {
  const echo = room.makeAction('echo', { kind: 'request' })
  const download = room.makeAction<number, null>('download', { kind: 'request' })
  const upload = room.makeAction<number, null>('upload', { kind: 'request' })
  const bytes = room.makeAction<Uint8Array>('bytes')
  const timeoutMs = 300_000
  return {
    echo: (value) => echo.request(value as never, { target, timeoutMs }),
    async download(size, arrived) {
      let left = size
      await new Promise<void>((resolve) => {
        bytes.onMessage = (piece) => {
          left -= piece.byteLength
          arrived?.(piece.byteLength)
          if (left === 0) resolve()
        }
        void download.request(size, { target, timeoutMs })
      })
    },
    async upload(size) {
      const done = upload.request(size, { target, timeoutMs })
      for (const piece of pieces(size, bulk.message)) await bytes.send(piece, { target })
      await done
    },
    close: () => room.leave(),
  }
}

export const trystero: Contestant = {
  async answer(meeting) {
    const room = enter(meeting)
    answerIn(room, meeting)
    return { close: () => room.leave() }
  },
  async ask(meeting) {
    return {
      async dial() {
        const room = enter(meeting)
        const target = await new Promise<string>((resolve) => {
          room.onPeerJoin = (id) => {
            if (id !== selfId) resolve(id)
          }
        })
        return askIn(room, target, meeting)
      },
      close: async () => {},
    }
  },
}
