import { NanopeerError } from '../../../src/base/errors'
import { generateSecret } from '../../../src/base/secret'
import { prove, type Transcript } from '../../../src/engine/handshake/authenticate'
import { type Fingerprints, fingerprintsOf } from '../../../src/engine/handshake/token-proof'
import { decodeAuth } from '../../../src/engine/wire/auth'
import { encodeFailure } from '../../../src/engine/wire/failure'
import { type Frame, FrameType } from '../../../src/engine/wire/frame'
import { decodeHello, encodeHello } from '../../../src/engine/wire/hello'
import { auth, byeCode, frame, hello, type MalloryLink, ready, request } from '../mallory'
import { type Attack, expectThat, type Stage } from '../stage'

/** Of the device and its friend, not of Mallory. */
const theirSecret = generateSecret()

const nonce = () => crypto.getRandomValues(new Uint8Array(32))

const isRefused = async (link: MalloryLink, { runs }: Stage, code = 'REFUSED') => {
  const said = byeCode(await link.next(FrameType.Bye))
  expectThat(said === code, `${code}, not ${said}`)
  expectThat(link.of(FrameType.Ready).length === 0, 'no READY')
  await link.closed()
  expectThat(!runs.some((run) => run.includes('mallory')), 'nothing run')
}

const requests = [request(2, 'echo', 'early'), request(4, 'stuck')]

/** Attacks on a device that asks for a secret, by somebody who does not have it. */
export const secretAttacks: readonly Attack[] = [
  {
    name: 'without a nonce, or with requests at once, nobody is let in',
    options: { secret: theirSecret },
    async run(stage) {
      const attacker = await stage.mallory()
      const silent = await attacker.dial(stage.victimId)
      silent.send(hello(), ready(), ...requests)
      await isRefused(silent, stage)
      const hasty = await attacker.dial(stage.victimId)
      hasty.send(hello({ nonce: nonce() }), ...requests)
      await isRefused(hasty, stage, 'PROTOCOL')
    },
  },
  {
    name: 'READY in the place of AUTH, AUTH twice, AUTH before HELLO: PROTOCOL, and nothing run',
    options: { secret: theirSecret },
    async run(stage) {
      const attacker = await stage.mallory()
      const orders: Frame[][] = [
        [hello({ nonce: nonce() }), ready(), ...requests],
        [hello({ nonce: nonce() }), hello({ nonce: nonce() })],
        [auth({ mac: nonce() }), hello({ nonce: nonce() }), ready()],
        [ready(), ...requests],
        [frame(FrameType.Ready), frame(FrameType.Forgotten)],
        [request(2, 'echo')],
      ]
      for (const order of orders) {
        const link = await attacker.dial(stage.victimId)
        link.send(...order)
        await isRefused(link, stage, 'PROTOCOL')
      }
    },
  },
  {
    name: 'a wrong, empty, long or reflected proof is REFUSED, and nobody hears how the device proves itself',
    options: { secret: theirSecret },
    async run(stage) {
      const attacker = await stage.mallory()
      stage.victim.connect(attacker.id)
      await stage.until(() => attacker.inbound.length > 0, 'the device to dial')
      const dialled = attacker.inbound[0] as MalloryLink
      const first = await dialled.next(FrameType.Hello)
      const proof = await dialled.next(FrameType.Auth)
      await stage.victim.connect(attacker.id).close()
      const forgeries: Frame[][] = [
        [hello({ nonce: nonce() }), auth({ mac: new Uint8Array(32) })],
        [hello({ nonce: nonce() }), auth()],
        [hello({ nonce: nonce() }), proof],
        // The device's own words, given back to it.
        [first, proof],
        [first, auth({ ...decodeAuth(proof.payload), mac: nonce() })],
      ]
      for (const forgery of forgeries) {
        const link = await attacker.dial(stage.victimId)
        link.send(...forgery, ready(), ...requests)
        await isRefused(link, stage)
        expectThat(link.of(FrameType.Auth).length === 0, 'no proof of the device')
      }
    },
  },
  {
    name: 'a recorded handshake is worth nothing on another link',
    options: { secret: theirSecret },
    async run(stage) {
      const attacker = await stage.mallory()
      // What somebody who knows the secret would have said.
      const recorded = await attacker.dial(stage.victimId)
      const first = hello({ nonce: nonce() })
      const transcript: Transcript = {
        diallerId: attacker.id,
        accepterId: stage.victimId,
        diallerHello: first.payload,
        fingerprints: (await fingerprintsOf(recorded.link, 'dialler', true)) as Fingerprints,
      }
      const proof = frame(
        FrameType.Auth,
        0,
        await prove({ secret: theirSecret, identity: null }, 'dialler', transcript),
      )
      recorded.send(first, proof)
      await recorded.next(FrameType.Auth)
      recorded.send(ready(), request(2, 'count', { to: 1 }, 'events'))
      await recorded.next(FrameType.Head, 2)
      const replay = async () => {
        const replayed = await attacker.dial(stage.victimId)
        replayed.send(first, proof, ready(), ...requests)
        await replayed.closed()
        expectThat(replayed.of(FrameType.Ready).length === 0, 'no READY')
        expectThat(replayed.of(FrameType.Auth).length === 0, 'no proof of the device')
      }
      await replay()
      expectThat(!recorded.isClosed, 'the true link undisturbed')
      await recorded.close()
      await stage.until(() => stage.census().sessions === 1, 'the session to end')
      await replay()
    },
  },
  {
    name: 'who answers in the place of the device gets no request, whatever it says',
    options: { secret: theirSecret },
    async run(stage) {
      const { victim, until } = stage
      const attacker = await stage.mallory()
      const connection = victim.connect(attacker.id)
      const answer = connection.request('give me your files', 'and take this', { timeout: 5000 })
      answer.catch(() => {})
      /** Answers one dial of the device. */
      const answers: ((theirs: Uint8Array, proof: Frame) => Promise<Frame[]>)[] = [
        // As if there were no secret.
        async () => [hello({ to: 'you' }), ready()],
        // As one that has another.
        async () => [hello({ to: 'you', nonce: nonce() }), auth({ mac: nonce() }), ready()],
        // With its own HELLO and proof.
        async (theirs, proof) => [frame(FrameType.Hello, 0, theirs), proof, ready()],
        // With a goodbye, or a session that is forgotten.
        async () => [frame(FrameType.Bye, 0, encodeFailure(new NanopeerError('REFUSED', 'Go away.')))],
        async () => [frame(FrameType.Forgotten)],
      ]
      for (const [index, say] of answers.entries()) {
        await until(() => attacker.inbound.length > index, 'the device to dial')
        const link = attacker.inbound[index] as MalloryLink
        const { payload } = await link.next(FrameType.Hello)
        const said = await say(payload, await link.next(FrameType.Auth))
        const { from } = decodeHello(payload)
        link.send(
          ...said.map((it) =>
            it.type === FrameType.Hello
              ? frame(FrameType.Hello, 0, encodeHello({ ...decodeHello(it.payload), to: from }))
              : it,
          ),
        )
        await link.closed()
        const types = link.frames.map(({ type }) => type)
        expectThat(
          types.every(
            (type) => type === FrameType.Hello || type === FrameType.Auth || type === FrameType.Bye,
          ),
          'HELLO, AUTH and BYE alone',
        )
        connection.reconnect()
      }
      const status = connection.$status.get()
      expectThat(status.state !== 'open', 'no connection')
      await connection.close()
    },
  },
]
