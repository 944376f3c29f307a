import { encodeFrames, FrameType } from '../../../src/engine/wire/frame'
import { encodeVarint } from '../../../src/engine/wire/varint'
import { acknowledge, frame, request } from '../mallory'
import { type Attack, expectThat } from '../stage'

/** The code and message of a BYE, as text. */
const byeOf = (payload: Uint8Array): string => new TextDecoder().decode(payload)

/** What a remote can do to the session itself: its counts, its acknowledgements, its pings. */
export const sessionAttacks: readonly Attack[] = [
  {
    name: 'huge length prefixes: nothing is allocated for what is not there, and the link is closed',
    async run({ mallory, victimId }) {
      const attacker = await mallory()
      for (const length of [2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53 - 1]) {
        const link = await attacker.enter(victimId)
        link.raw(Uint8Array.of(FrameType.Message, 0, ...encodeVarint(length), 1, 2, 3))
        expectThat(byeOf((await link.next(FrameType.Bye)).payload).includes('PROTOCOL'), 'a PROTOCOL goodbye')
        await link.closed()
      }
      const link = await attacker.enter(victimId)
      // A number that never ends.
      link.raw(new Uint8Array(1000).fill(0xff).fill(FrameType.Message, 0, 1))
      await link.closed()
    },
  },
  {
    name: 'ack beyond what was sent: the link is closed',
    async run({ mallory, victimId }) {
      const attacker = await mallory()
      for (const count of [1_000_000, 2 ** 53 - 1]) {
        const link = await attacker.enter(victimId)
        link.send(acknowledge(count))
        expectThat(byeOf((await link.next(FrameType.Bye)).payload).includes('PROTOCOL'), 'a PROTOCOL goodbye')
        await link.closed()
      }
      const link = await attacker.enter(victimId)
      link.send(request(2, 'echo'), request(4, 'echo'))
      await link.next(FrameType.Answer, 4)
      link.send(acknowledge(2), acknowledge(1))
      await link.closed()
    },
  },
  {
    name: 'SKIP of frames that were never sent: only the attacker loses count',
    async run({ mallory, victimId, friendIsServed }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      link.send(frame(FrameType.Skip, 0, encodeVarint(2 ** 52)), request(2, 'echo'))
      await link.next(FrameType.Answer, 2)
      await friendIsServed()
      link.send(frame(FrameType.Skip, 0, encodeVarint(2 ** 53 - 1)))
      await link.closed()
    },
  },
  {
    name: 'a flood of pings: answered once per message, not once per ping',
    async run({ mallory, victimId, friendIsServed, until }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      const pings = Array.from({ length: 20_000 }, (_, index) =>
        frame(FrameType.Ping, 0, encodeVarint(index + 1)),
      )
      const flood = encodeFrames(...pings)
      for (let round = 0; round < 10; round++) link.raw(flood)
      const last = () => link.of(FrameType.Pong).length > 0 && link.of(FrameType.Pong).length >= 10
      await friendIsServed()
      await until(last, 'ten pongs')
      expectThat(link.of(FrameType.Pong).length === 10, 'as many pongs as messages')
      link.send(frame(FrameType.Ping, 0, new Uint8Array(9)))
      await link.closed()
    },
  },
  {
    name: 'a remote that never acknowledges: what is kept for it has a bound, and it is closed in the end',
    async run({ mallory, victimId, friendIsServed, census, until }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      let stream = 0
      let most = 0
      for (let round = 0; round < 60 && !link.isClosed; round++) {
        const filler = 'x'.repeat(400)
        const requests = Array.from({ length: 2000 }, () => {
          stream += 2
          return request(stream, 'echo', filler)
        })
        link.send(...requests)
        await friendIsServed()
        most = Math.max(most, census().frames)
        expectThat(census().held < 8 * 1024 * 1024, 'less than 8 MiB held')
      }
      await until(() => link.isClosed, 'the link to be closed')
      expectThat(most < 100_000, `a bound on frames, not ${most}`)
    },
  },
  {
    name: 'handshake frames after the handshake: the link is closed',
    async run({ mallory, victimId }) {
      const attacker = await mallory()
      for (const type of [
        FrameType.Hello,
        FrameType.Auth,
        FrameType.Wait,
        FrameType.Ready,
        FrameType.Forgotten,
      ]) {
        const link = await attacker.enter(victimId)
        link.send(frame(type))
        await link.closed()
      }
    },
  },
]
