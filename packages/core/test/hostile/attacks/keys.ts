import type { Identity } from '../../../src/base/identity'
import { prove, type Transcript } from '../../../src/engine/handshake/authenticate'
import { type Fingerprints, fingerprintsOf } from '../../../src/engine/handshake/token-proof'
import { decodeAuth, type Signed } from '../../../src/engine/wire/auth'
import { type Frame, FrameType } from '../../../src/engine/wire/frame'
import { decodeHello, encodeHello } from '../../../src/engine/wire/hello'
import { newIdentity, rotated } from '../../support/identities'
import { auth, byeCode, frame, hello, type MalloryLink, ready, request } from '../mallory'
import { type Attack, expectThat, type Stage } from '../stage'

const [theirs, friends, mallorys] = await Promise.all([newIdentity(), newIdentity(), newIdentity()])

const nonce = () => crypto.getRandomValues(new Uint8Array(32))
const requests = [request(2, 'echo', 'early'), request(4, 'stuck')]

/** What an honest dialler would say, who has this identity. */
const proofOf = async (link: MalloryLink, from: string, to: string, first: Frame, identity: Identity) => {
  const transcript: Transcript = {
    diallerId: from,
    accepterId: to,
    diallerHello: first.payload,
    fingerprints: (await fingerprintsOf(link.link, 'dialler', true)) as Fingerprints,
  }
  return frame(FrameType.Auth, 0, await prove({ secret: null, identity }, 'dialler', transcript))
}

const isRefused = async (link: MalloryLink, { runs }: Stage, code = 'REFUSED') => {
  const said = byeCode(await link.next(FrameType.Bye))
  expectThat(said === code, `${code}, not ${said}`)
  expectThat(link.of(FrameType.Ready).length === 0, 'no READY')
  await link.closed()
  expectThat(!runs.some((run) => run.includes('mallory')), 'nothing run')
}

/** Attacks on a device with a key, which serves its friend's key, by somebody who has neither. */
export const keyAttacks: readonly Attack[] = (
  [
    {
      name: 'the friend’s public key with any signature but the friend’s is REFUSED, and no proof is heard',
      async run(stage) {
        const attacker = await stage.mallory()
        const say = async (forge: (mine: Signed) => Signed) => {
          const link = await attacker.dial(stage.victimId)
          const first = hello({ nonce: nonce() })
          const mine = await proofOf(link, attacker.id, stage.victimId, first, mallorys)
          const { signed } = decodeAuth(mine.payload)
          link.send(first, auth({ signed: forge(signed as Signed) }), ready(), ...requests)
          await isRefused(link, stage)
          expectThat(link.of(FrameType.Auth).length === 0, 'no proof of the device')
        }
        const { publicKey } = friends
        await say((mine) => ({ ...mine, publicKey }))
        await say((mine) => ({ ...mine, publicKey, signature: new Uint8Array(64) }))
        await say((mine) => ({ ...mine, publicKey, signature: new Uint8Array(64).fill(255) }))
        const off = publicKey.slice()
        off[64] = (off[64] as number) ^ 1
        await say((mine) => ({ ...mine, publicKey: off }))
        // As one that replaces the friend's, which the friend has not signed, or signed for another.
        await say((mine) => ({ ...mine, predecessors: [{ publicKey, signature: mine.signature }] }))
        const { predecessors } = await rotated(friends)
        await say((mine) => ({ ...mine, predecessors }))
      },
    },
    {
      name: 'a key that is nobody’s friend, and none at all, are REFUSED by `accept`',
      async run(stage) {
        const attacker = await stage.mallory()
        const link = await attacker.dial(stage.victimId)
        const first = hello({ nonce: nonce() })
        link.send(
          first,
          await proofOf(link, attacker.id, stage.victimId, first, mallorys),
          ready(),
          ...requests,
        )
        await isRefused(link, stage)
        const bare = await attacker.dial(stage.victimId)
        bare.send(hello(), ready(), ...requests)
        await isRefused(bare, stage)
        const empty = await attacker.dial(stage.victimId)
        empty.send(hello({ nonce: nonce() }), auth(), ready(), ...requests)
        await isRefused(empty, stage)
      },
    },
    {
      name: 'an AUTH of another shape is PROTOCOL',
      async run(stage) {
        const attacker = await stage.mallory()
        const { publicKey, predecessors } = await rotated(friends)
        const signature = new Uint8Array(64)
        const shapes: Frame[] = [
          frame(FrameType.Auth, 0, new Uint8Array(0)),
          frame(FrameType.Auth, 0, nonce()),
          auth({ mac: new Uint8Array(31) }),
          auth({ signed: { publicKey: publicKey.slice(1), signature, predecessors: [] } }),
          auth({ signed: { publicKey, signature: signature.slice(1), predecessors: [] } }),
          auth({ signed: { publicKey, signature, predecessors: Array(5).fill(predecessors[0]) } }),
        ]
        for (const shape of shapes) {
          const link = await attacker.dial(stage.victimId)
          link.send(hello({ nonce: nonce() }), shape, ready(), ...requests)
          await isRefused(link, stage, 'PROTOCOL')
        }
      },
    },
    {
      name: 'what the device has signed is worth nothing when it is given back to it',
      async run(stage) {
        const attacker = await stage.mallory()
        stage.victim.connect(attacker.id)
        await stage.until(() => attacker.inbound.length > 0, 'the device to dial')
        const dialled = attacker.inbound[0] as MalloryLink
        const first = await dialled.next(FrameType.Hello)
        const proof = await dialled.next(FrameType.Auth)
        // On the link itself, as the accepter, and then on another, as a dialler.
        const { from } = decodeHello(first.payload)
        const echoed = encodeHello({ ...decodeHello(first.payload), to: from })
        dialled.send(frame(FrameType.Hello, 0, echoed), proof, ready())
        await dialled.closed()
        expectThat(dialled.of(FrameType.Ready).length === 0, 'no READY')
        await stage.victim.connect(attacker.id).close()
        const link = await attacker.dial(stage.victimId)
        link.send(first, proof, ready(), ...requests)
        await isRefused(link, stage)
      },
    },
    {
      name: 'what the friend has signed for Mallory is worth nothing at the device',
      async run(stage) {
        const attacker = await stage.mallory()
        const first = hello({ nonce: nonce() })
        // The friend has dialled Mallory, or Mallory's own link to the device, under its own name or the friend's.
        const link = await attacker.dial(stage.victimId)
        for (const [from, to] of [
          ['friend', attacker.id],
          [attacker.id, 'elsewhere'],
        ] as const) {
          const proof = await proofOf(link, from, to, first, friends)
          const other = await attacker.dial(stage.victimId)
          other.send(first, proof, ready(), ...requests)
          await isRefused(other, stage)
        }
        await link.close()
      },
    },
    {
      name: 'a recorded handshake of the friend’s is worth nothing on another link',
      async run(stage) {
        const attacker = await stage.mallory()
        const recorded = await attacker.dial(stage.victimId)
        const first = hello({ nonce: nonce() })
        const proof = await proofOf(recorded, attacker.id, stage.victimId, first, friends)
        recorded.send(first, proof)
        await recorded.next(FrameType.Auth)
        recorded.send(ready(), request(2, 'count', { to: 1 }, 'events'))
        await recorded.next(FrameType.Head, 2)
        const replayed = await attacker.dial(stage.victimId)
        replayed.send(first, proof, ready(), ...requests)
        await replayed.closed()
        expectThat(replayed.of(FrameType.Ready).length === 0, 'no READY')
        expectThat(!recorded.isClosed, 'the true link undisturbed')
        await recorded.close()
      },
    },
    {
      name: 'who answers in the place of a device that is pinned gets no request, whatever it shows',
      async run(stage) {
        const { victim, until } = stage
        const attacker = await stage.mallory()
        const connection = victim.connect(attacker.id, { key: friends.key })
        const answer = connection.request('give me your files', 'and take this', { timeout: 5000 })
        answer.catch(() => {})
        const answers: ((proof: Frame) => Frame[])[] = [
          () => [hello(), ready()],
          () => [hello({ nonce: nonce() }), auth(), ready()],
          (proof) => [hello({ nonce: nonce() }), proof, ready()],
          () => [
            hello({ nonce: nonce() }),
            auth({
              signed: { publicKey: friends.publicKey, signature: new Uint8Array(64), predecessors: [] },
            }),
            ready(),
          ],
          () => [frame(FrameType.Forgotten)],
        ]
        for (const [index, say] of answers.entries()) {
          await until(() => attacker.inbound.length > index, 'the device to dial')
          const link = attacker.inbound[index] as MalloryLink
          const { from } = decodeHello((await link.next(FrameType.Hello)).payload)
          const said = say(await link.next(FrameType.Auth))
          link.send(
            ...said.map((it) =>
              it.type === FrameType.Hello
                ? frame(FrameType.Hello, 0, encodeHello({ ...decodeHello(it.payload), to: from }))
                : it,
            ),
          )
          await link.closed()
          const allowed: readonly FrameType[] = [FrameType.Hello, FrameType.Auth, FrameType.Bye]
          expectThat(
            link.frames.every(({ type }) => allowed.includes(type)),
            'HELLO, AUTH and BYE alone',
          )
          connection.reconnect()
        }
        expectThat(connection.$status.get().state !== 'open', 'no connection')
        await connection.close()
      },
    },
  ] satisfies Attack[]
).map((attack) => ({
  ...attack,
  options: { identity: theirs, accept: [friends.key] },
  friend: { identity: friends },
}))
