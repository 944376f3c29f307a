import { describe, inject, test } from 'vitest'
import { createTheatre } from './real-theatre'
import { type Attack, expectThat, play } from './stage'

/** Somebody with a socket to the signalling server and no PeerJS. */
const register = async (id: string): Promise<{ say(message: object): void; leave(): void }> => {
  const { host, port } = inject('signallingServer')
  const socket = new WebSocket(`ws://${host}:${port}/peerjs?key=peerjs&id=${id}&token=raw`)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  return { say: (message) => socket.send(JSON.stringify(message)), leave: () => socket.close() }
}

const offerOf = async () => {
  const connection = new RTCPeerConnection()
  connection.createDataChannel('any')
  const { sdp } = await connection.createOffer()
  connection.close()
  return {
    type: 'data',
    sdp: { type: 'offer', sdp },
    label: 'nanopeer/1',
    serialization: 'raw',
    reliable: true,
    connectionId: 'dc_mallory',
  }
}

/** What can be said through a signalling server without ever opening a channel. */
const signallingAttacks: readonly Attack[] = [
  {
    name: 'unknown PeerJS serialization in an offer: no connection is made, and nothing thrown',
    async run({ victimId, friendIsServed, channels, id, pass }) {
      const before = channels()
      const mallory = await register(id('mallory'))
      const offer = await offerOf()
      for (const serialization of ['nonsense', '__proto__', 'constructor', 'toString', '', 7, null, {}]) {
        mallory.say({ type: 'OFFER', dst: victimId, payload: { ...offer, serialization } })
      }
      for (const payload of [null, 7, [], {}, { ...offer, sdp: null }, { ...offer, type: 'media' }]) {
        mallory.say({ type: 'OFFER', dst: victimId, payload })
      }
      await friendIsServed()
      await pass(300)
      expectThat(channels() === before, 'no connection')
      mallory.leave()
    },
  },
  {
    name: 'oversized metadata: the offer is ignored',
    async run({ victimId, friendIsServed, channels, id, pass }) {
      const before = channels()
      const mallory = await register(id('mallory'))
      const offer = await offerOf()
      const deep = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`)
      for (const metadata of [
        'x'.repeat(4097),
        'x'.repeat(1_000_000),
        Array.from({ length: 4097 }, () => 0),
        [deep, deep, deep],
      ]) {
        mallory.say({ type: 'OFFER', dst: victimId, payload: { ...offer, metadata } })
      }
      await friendIsServed()
      await pass(300)
      expectThat(channels() === before, 'no connection')
      mallory.leave()
    },
  },
  {
    name: 'LEAVE spoofing: neither LEAVE nor EXPIRE ends a live link, whoever it claims to be from',
    async run({ victimId, friend, friendIsServed, id, pass }) {
      const mallory = await register(id('mallory'))
      const friendId = id('friend')
      for (const type of ['LEAVE', 'EXPIRE']) {
        for (const [src, dst] of [
          [friendId, victimId],
          [victimId, friendId],
          [undefined, victimId],
        ]) {
          mallory.say({ type, src, dst, payload: { nonce: 1 } })
        }
      }
      await pass(300)
      await friendIsServed()
      expectThat(friend.$stats.get().links === 1, 'the same link as before')
      mallory.leave()
    },
  },
]

describe('over WebRTC, a hostile remote and signalling', { timeout: 120_000 }, () => {
  test.each(signallingAttacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createTheatre(), attack),
  )
})
