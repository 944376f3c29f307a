import { prove, type Transcript } from '../../../src/engine/handshake/authenticate'
import { type Frame, FrameType } from '../../../src/engine/wire/frame'
import { decodeHello, encodeHello } from '../../../src/engine/wire/hello'
import { generateSecret } from '../../../src/peer/secret'
import { byeCode, frame, hello, type MalloryLink, ready, request } from '../mallory'
import { type Attack, expectThat, type Stage } from '../stage'

/** Of the device and its friend, not of Mallory. */
const theirSecret = generateSecret()

const nonce = () => crypto.getRandomValues(new Uint8Array(32))

/** Says HELLO, and hears how the device proves that it knows the secret. */
const begin = async (link: MalloryLink, first: Frame = hello({ nonce: nonce() })) => {
  link.send(first)
  const theirs = await link.next(FrameType.Hello)
  return { ours: first.payload, theirs: theirs.payload, proof: (await link.next(FrameType.Auth)).payload }
}

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
        [frame(FrameType.Auth, 0, new Uint8Array(32)), hello({ nonce: nonce() }), ready()],
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
    name: 'a wrong, empty, long or reflected proof is REFUSED',
    options: { secret: theirSecret },
    async run(stage) {
      const attacker = await stage.mallory()
      const forgeries: ((proof: Uint8Array) => Uint8Array)[] = [
        () => new Uint8Array(32),
        () => new Uint8Array(0),
        (proof) => proof,
        (proof) => proof.map((byte, index) => (index === 31 ? byte ^ 1 : byte)),
        (proof) => Uint8Array.from([...proof, ...proof]),
      ]
      for (const forge of forgeries) {
        const link = await attacker.dial(stage.victimId)
        const { proof } = await begin(link)
        link.send(frame(FrameType.Auth, 0, forge(proof)), ready(), ...requests)
        await isRefused(link, stage)
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
      const { ours, theirs } = await begin(recorded, first)
      const { local, remote } = await recorded.link.fingerprints()
      const transcript: Transcript = {
        diallerId: attacker.id,
        accepterId: stage.victimId,
        diallerHello: ours,
        accepterHello: theirs,
        diallerFingerprint: local,
        accepterFingerprint: remote,
      }
      const proof = frame(FrameType.Auth, 0, await prove(theirSecret, 'dialler', transcript))
      recorded.send(proof, ready(), request(2, 'count', { to: 1 }, 'events'))
      await recorded.next(FrameType.Head, 2)
      // While the session lasts its HELLO is stale; when it is over, the device has another nonce.
      const stale = await attacker.dial(stage.victimId)
      stale.send(first, proof, ready(), ...requests)
      await stale.closed()
      expectThat(stale.of(FrameType.Ready).length === 0 && !recorded.isClosed, 'the true link undisturbed')
      await recorded.close()
      await stage.until(() => stage.census().sessions === 1, 'the session to end')
      const replayed = await attacker.dial(stage.victimId)
      await begin(replayed, first)
      replayed.send(proof, ready(), ...requests)
      await isRefused(replayed, stage)
    },
  },
  {
    name: 'who answers in the place of the device gets no request, whatever it says',
    options: { secret: theirSecret },
    async run(stage) {
      const { victim, victimId, until } = stage
      const attacker = await stage.mallory()
      const accomplice = await stage.mallory('mallory-2')
      const connection = victim.connect(attacker.id)
      const answer = connection.request('give me your files', 'and take this', { timeout: 5000 })
      answer.catch(() => {})
      /** Answers one dial of the device. */
      const answers: ((theirs: Uint8Array) => Promise<Frame[]>)[] = [
        // As if there were no secret.
        async () => [hello({ to: 'you' }), ready()],
        // As one that has another.
        async () => [hello({ to: 'you', nonce: nonce() }), frame(FrameType.Auth, 0, nonce()), ready()],
        // With the proof that the device itself gives to those who dial it.
        async (theirs) => {
          const link = await accomplice.dial(victimId)
          const { nonce: said } = decodeHello(theirs)
          const oracle = await begin(link, hello({ nonce: said }))
          return [frame(FrameType.Hello, 0, oracle.theirs), frame(FrameType.Auth, 0, oracle.proof), ready()]
        },
      ]
      for (const [index, say] of answers.entries()) {
        await until(() => attacker.inbound.length > index, 'the device to dial')
        const link = attacker.inbound[index] as MalloryLink
        const { payload } = await link.next(FrameType.Hello)
        const said = await say(payload)
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
          types.every((type) => type === FrameType.Hello || type === FrameType.Bye),
          'HELLO and BYE alone',
        )
        connection.reconnect()
      }
      const status = connection.$status.get()
      expectThat(status.state !== 'open', 'no connection')
      await connection.close()
    },
  },
]
