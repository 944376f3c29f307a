/** Whoever knows neither secret, key nor code, at a device that asks for them and shows a code. */
import { encodeFrames } from '../../packages/core/src/engine/wire/frame'
import { auth, hello, ready, request } from '../../packages/core/test/hostile/mallory'
import { confirmFrame, helloFrame, shareFrame } from '../../packages/core/test/hostile/pairing-frames'
import type { Meeting } from './contestant'
import { type Flood, type Message, overDials } from './flood'

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))

/** What looks like a proof of a secret and a key: the device has to check both. */
const wrongProof = async (): Promise<Message> => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const signed = { publicKey, signature: random(64), predecessors: [] }
  return encodeFrames(hello({ nonce: random(32) }), auth({ mac: random(32), signed }), ready())
}

/** Three guesses a code; then the device shows another one, as a user would who knows no better. */
const guesses: Flood =
  async ({ join, rendezvous, pass }) =>
  async () => {
    const there = await rendezvous()
    if (there === null) return pass(10)
    // From such an id only can a rendezvous be reached.
    const mallory = await join('nanopeer-pair')
    try {
      const link = await mallory.dial(there, undefined, 1000)
      link.send(helloFrame(), shareFrame(), confirmFrame())
      await link.closed()
    } finally {
      await mallory.leave()
    }
  }

/** An offer that a browser could have made, from an id of its own, of whom nothing more is heard. */
const offerFrom = async ({ deviceId, signalling }: Meeting, sdp: string): Promise<void> => {
  const { host, port, path } = signalling
  const id = `mallory-${crypto.randomUUID()}`
  const socket = new WebSocket(`ws://${host}:${port}${path}peerjs?key=peerjs&id=${id}&token=raw`)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const payload = {
    type: 'data',
    sdp: { type: 'offer', sdp },
    label: 'nanopeer/1',
    serialization: 'raw',
    reliable: true,
    connectionId: `dc_${id}`,
  }
  socket.send(JSON.stringify({ type: 'OFFER', dst: deviceId, payload }))
  setTimeout(() => socket.close(), 1000)
}

/** As many offers as strangers may make in all, and then seven a second: nobody new could get in by being lucky. */
const trickle: Flood = async ({ meeting, pass }) => {
  const connection = new RTCPeerConnection()
  connection.createDataChannel('any')
  const { sdp = '' } = await connection.createOffer()
  connection.close()
  await Promise.all(Array.from({ length: 70 }, () => offerFrom(meeting, sdp)))
  return async () => {
    await offerFrom(meeting, sdp)
    await pass(140)
  }
}

/** By what a reader of the results calls them. */
export const trustFloods = {
  'wrong HELLOs': overDials(encodeFrames(hello(), ready(), request(2, 'echo'))),
  'wrong proofs of a secret and a key': overDials(wrongProof),
  'wrong codes': guesses,
  'seven offers a second': trickle,
} satisfies Record<string, Flood>
