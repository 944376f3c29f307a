import { describe, inject, test } from 'vitest'
import { systemClock } from '../../src/base/clock'
import type { Link, Transport } from '../../src/base/transport'
import { watchOpenConnections } from '../support/open-connections'
import { realTransport } from '../support/real-transport'
import { admissionAttacks, handshakeAttacks } from './attacks/handshakes'
import { keyAttacks } from './attacks/keys'
import { requestAttacks } from './attacks/requests'
import { secretAttacks } from './attacks/secrets'
import { sessionAttacks } from './attacks/session'
import { type Attack, expectThat, play, type Theatre } from './stage'

/** Open connections alone: a closed one that is held on to counts against Chromium's limit of 500. */
const connections = watchOpenConnections()

/** PeerJS's transport, with a switch that ends the links between two ids. */
const createBreakable = (): { transport: Transport; cut(a: string, b: string): void } => {
  const links: { ids: readonly string[]; link: Link }[] = []
  const real = realTransport
  const join: Transport['join'] = (id, options, events) => {
    const signalling = real.join(id, options, events)
    return {
      ...signalling,
      async dial(remoteId, dialOptions) {
        const link = await signalling.dial(remoteId, dialOptions)
        links.push({ ids: [id, remoteId], link })
        if (links.length > 20) links.shift()
        return link
      },
    }
  }
  const cut = (a: string, b: string) => {
    for (const { ids, link } of links) if (ids.includes(a) && ids.includes(b)) void link.close(0)
  }
  return { transport: { ...real, join }, cut }
}

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Three devices in this page, over real WebRTC and a real signalling server. */
const createTheatre = (): Theatre => {
  const suffix = crypto.randomUUID().slice(0, 8)
  return {
    ...createBreakable(),
    signalling: { server: { ...inject('signallingServer'), secure: false }, iceServers: [] },
    clock: systemClock,
    pass,
    async until(condition, what) {
      for (const end = Date.now() + 30_000; !condition(); await pass(5)) {
        if (Date.now() > end) throw new Error(`Waited for ${what}.`)
      }
    },
    id: (name) => `${name}-${suffix}`,
    dials: 200,
    channels: () => connections.size,
  }
}

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
    async run({ victimId, friendIsServed, channels, id }) {
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
    async run({ victimId, friendIsServed, channels, id }) {
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
    async run({ victimId, friend, friendIsServed, id }) {
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

describe.each([
  ['signalling', signallingAttacks],
  ['handshakes', handshakeAttacks],
  ['admission', admissionAttacks],
  ['a secret', secretAttacks],
  ['a key', keyAttacks],
  ['the session', sessionAttacks],
  ['requests', requestAttacks],
])('over WebRTC, a hostile remote and %s', { timeout: 120_000 }, (_, attacks) => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createTheatre(), attack),
  )
})
