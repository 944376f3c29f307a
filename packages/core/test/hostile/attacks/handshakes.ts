import { encodeValue } from '../../../src/codec/write'
import { encodeFrames, FrameType } from '../../../src/engine/wire/frame'
import { encodeHello } from '../../../src/engine/wire/hello'
import { protocolVersion } from '../../../src/engine/wire/limits'
import { byeCode, frame, hello, type MalloryLink, ready, request } from '../mallory'
import { type Attack, expectThat } from '../stage'

/** What anybody can do who can dial: before they are accepted, or proved who they are. */
export const handshakeAttacks: readonly Attack[] = [
  {
    name: 'HELLO flood: on one link it is closed, on many its sender is OVERLOADED and then ignored',
    options: { limits: { dialsPerMinute: 20 } },
    async run({ mallory, victimId, friendIsServed, census, pass }) {
      const attacker = await mallory()
      const first = await attacker.dial(victimId)
      first.raw(encodeFrames(...Array.from({ length: 1000 }, () => hello())))
      await first.closed()
      const codes: unknown[] = []
      let ignored = 0
      for (let round = 0; round < 50; round++) {
        const link = await attacker.dial(victimId, undefined, 500).catch(() => null)
        if (!link) {
          ignored++
          continue
        }
        link.send(hello())
        await pass(50)
        codes.push(...link.of(FrameType.Bye).map(byeCode))
        expectThat(census().handshakes <= 4 && census().sessions <= 2, 'few handshakes of one remote')
        if (round % 16 === 0) await friendIsServed()
      }
      expectThat(codes.filter((code) => code === 'OVERLOADED').length >= 20, 'OVERLOADED past the limit')
      expectThat(ignored >= 11, 'the rest ignored')
    },
  },
  {
    name: 'half-open handshakes: the oldest make room, and a newcomer gets in',
    options: { limits: { handshakes: 8 } },
    async run({ mallory, victimId, friendIsServed, census, pass, until }) {
      const links: MalloryLink[] = []
      for (let id = 0; id < 4; id++) {
        // As fast as strangers may dial at all.
        if (id === 2) await pass(10_000)
        const attacker = await mallory(`mallory-${id}`)
        for (let link = 0; link < (id < 2 ? 3 : 4); link++) links.push(await attacker.dial(victimId))
        expectThat(census().handshakes <= 8, 'no more handshakes than the limit')
        await friendIsServed()
      }
      await until(() => links.some(({ isClosed }) => isClosed), 'the oldest to be closed')
      await pass(10_000)
      const newcomer = await mallory('newcomer')
      const link = await newcomer.enter(victimId)
      link.send(request(2, 'echo', 'hello'))
      await link.next(FrameType.Answer, 2)
      await until(() => census().handshakes === 0, 'every half-open handshake to be given up')
      await until(() => links.every(({ isClosed }) => isClosed), 'their links to be closed')
    },
  },
  {
    name: '10,000 dials: most are ignored, and who is known comes back all the while',
    async run({ mallory, victimId, friend, friendIsServed, census, dials, breakFriend, pass }) {
      const ids = Math.ceil(dials / 100)
      let most = { connections: 0, handshakes: 0 }
      for (let id = 0; id < ids; id++) {
        const attacker = await mallory(`mallory-${id}`)
        attacker.flood(victimId, dials / ids)
        if (id % 20 === 0) await breakFriend()
        await pass(50)
        const { connections, handshakes } = census()
        most = {
          connections: Math.max(most.connections, connections),
          handshakes: Math.max(most.handshakes, handshakes),
        }
        if (id % 10 === 0) await friendIsServed()
      }
      expectThat(most.handshakes <= 64, `at most 64 handshakes, not ${most.handshakes}`)
      expectThat(most.connections <= 1 + 64, `at most 64 strangers, not ${most.connections}`)
      expectThat(friend.$status.get().state === 'open', 'the friend to be connected')
    },
  },
  {
    name: 'a dialler that asks for time: only those who are asked may',
    async run({ mallory, victimId, census, until }) {
      const attacker = await mallory()
      const link = await attacker.dial(victimId)
      link.send(frame(FrameType.Wait))
      expectThat(byeCode(await link.next(FrameType.Bye)) === 'PROTOCOL', 'PROTOCOL')
      await link.closed()
      await until(() => census().handshakes === 0, 'the handshake to be over')
    },
  },
  {
    name: 'handshakes that are none: oversized, cut off, of another version, with fields that cannot be',
    options: { limits: { dialsPerMinute: 1000, handshakes: 1000 } },
    async run({ mallory, victimId, friendIsServed }) {
      const attacker = await mallory()
      const good = {
        version: protocolVersion,
        from: 'me',
        to: null,
        link: 1,
        proof: null,
        frameSize: 65_536,
        window: 1,
        age: 0,
        nonce: null,
        requests: null,
      }
      const bad: Record<string, unknown>[] = [
        { version: 1 },
        { version: protocolVersion + 1 },
        { version: -1 },
        { from: '' },
        { from: 'x'.repeat(65) },
        { from: 7 },
        { to: { toString: 'me' } },
        { link: -1 },
        { link: 2 ** 53 - 1 },
        { link: Number.NaN },
        { proof: 'x'.repeat(65) },
        { frameSize: 1 },
        { frameSize: -5 },
        { window: -1 },
        { nonce: new Uint8Array(31) },
        { nonce: 'x' },
        { requests: 0 },
        { requests: Number.NaN },
        { requests: '64' },
      ]
      const payloads = [
        ...bad.map((fields) => encodeHello({ ...good, ...fields } as never)),
        encodeValue({ length: 8 }, 'INVALID_INPUT'),
        encodeValue('x'.repeat(5000), 'INVALID_INPUT'),
        new Uint8Array(200_000),
        new Uint8Array(0),
      ]
      for (const payload of payloads) {
        const link = await attacker.dial(victimId)
        link.send(frame(FrameType.Hello, 0, payload))
        expectThat(byeCode(await link.next(FrameType.Bye)) === 'PROTOCOL', 'PROTOCOL')
        await link.closed()
      }
      for (const impossible of [1, 2 ** 53 - 1]) {
        const link = await attacker.dial(victimId)
        link.send(hello(), ready(impossible))
        expectThat(byeCode(await link.next(FrameType.Bye)) === 'PROTOCOL', 'PROTOCOL')
        await link.closed()
      }
      await friendIsServed()
    },
  },
  {
    name: 'replay of an old HELLO: a session goes on only for who presents the last token',
    async run({ mallory, victimId, census }) {
      const attacker = await mallory()
      const from = 'recorded'
      const first = await attacker.dial(victimId)
      const begun = await first.shakeHands({ from })
      const resume = { from, to: begun.hello.from, link: 2 }
      const second = await attacker.dial(victimId)
      const shown = await second.proof(begun.ready.token, resume)
      const resumed = await second.shakeHands({ ...resume, proof: shown })
      expectThat(resumed.hello.from === begun.hello.from, 'the session to be resumed')
      const third = await attacker.dial(victimId)
      const next = { ...resume, link: 3 }
      await third.shakeHands({ ...next, proof: await third.proof(resumed.ready.token, next) })
      // Every word of it was true once.
      for (const link of [2, 3, 4]) {
        const replayed = await attacker.dial(victimId)
        replayed.send(hello({ ...resume, link, proof: shown }), ready())
        await replayed.answered()
        expectThat(replayed.of(FrameType.Ready).length === 0, 'no READY for an old HELLO')
        expectThat(!third.isClosed, 'the true link to be undisturbed')
        await replayed.close()
      }
      // What was shown on one link is worth nothing on another, nor is an old token on its own link.
      for (const old of [begun.ready.token, resumed.ready.token]) {
        const late = await attacker.dial(victimId)
        const fields = { ...resume, link: 5 }
        const proof = old === begun.ready.token ? await late.proof(old, fields) : shown
        late.send(hello({ ...fields, proof }), ready())
        await late.answered()
        expectThat(late.of(FrameType.Ready).length === 0, 'no READY for an old proof')
        await late.close()
      }
      third.send(request(2, 'echo'))
      await third.next(FrameType.Answer, 2)
      expectThat(census().sessions === 2, 'no more sessions than before')
    },
  },
  {
    name: 'resume token guessing: what is not known is forgotten, and the true session goes on',
    options: { limits: { dialsPerMinute: 1000, handshakes: 1000 } },
    async run({ mallory, victimId, census }) {
      const attacker = await mallory()
      const from = 'guessed'
      const own = await attacker.dial(victimId)
      const { hello: theirs, ready: first } = await own.shakeHands({ from })
      const second = await attacker.dial(victimId)
      const proof = await second.proof(first.token, { from, link: 2 })
      await second.shakeHands({ from, to: theirs.from, link: 2, proof })
      const guesses = [null, '', 'x', '0'.repeat(36), first.token, proof, `${first.token}x`]
      for (const guess of guesses) {
        const link = await attacker.dial(victimId)
        link.send(hello({ from, to: theirs.from, link: 9, proof: guess }), ready())
        await link.answered()
        expectThat(link.of(FrameType.Ready).length === 0, 'no READY')
        await link.close()
      }
      // Nor by names that are not its own.
      for (const names of [
        { from: 'somebody', to: theirs.from },
        { from, to: 'somebody' },
      ]) {
        const link = await attacker.dial(victimId)
        link.send(hello({ ...names, link: 9, proof }), ready())
        await link.next(FrameType.Forgotten)
        await link.close()
      }
      second.send(request(2, 'echo'))
      await second.next(FrameType.Answer, 2)
      expectThat(census().sessions === 2, 'no more sessions than before')
    },
  },
]

let decisions: ((accepted: boolean) => void)[] = []

/** Attacks on a device that takes its time to say whom it serves. */
export const admissionAttacks: readonly Attack[] = [
  {
    name: 'requests before acceptance: none is run before, and none at all after a refusal',
    options: {
      accept: ({ id }) =>
        id.startsWith('friend') || new Promise<boolean>((resolve) => decisions.push(resolve)),
    },
    async run({ mallory, victimId, runs, until, pass, census }) {
      decisions = []
      const attacker = await mallory()
      const count = () => runs.filter((run) => run.includes('mallory')).length
      for (const accepted of [false, true]) {
        const link = await attacker.dial(victimId)
        link.send(hello(), ready(), request(2, 'echo'), request(4, 'stuck'))
        await until(() => decisions.length > 0, 'accept to be asked')
        link.send(request(6, 'echo'))
        await pass(500)
        expectThat(count() === 0 && census().handlers === 0, 'nothing run before the decision')
        expectThat(link.of(FrameType.Wait).length > 0, 'to be asked for patience')
        decisions.splice(0).map((decide) => decide(accepted))
        if (accepted) await link.next(FrameType.Answer, 6)
        else expectThat(byeCode(await link.next(FrameType.Bye)) === 'REFUSED', 'REFUSED')
        expectThat(count() === (accepted ? 2 : 0), 'runs only after acceptance')
        await link.close()
        await pass(2000)
      }
    },
  },
  {
    name: 'too much before acceptance: PROTOCOL, whatever is decided later',
    options: {
      accept: ({ id }) =>
        id.startsWith('friend') || new Promise<boolean>((resolve) => decisions.push(resolve)),
    },
    async run({ mallory, victimId, runs, until, census, pass }) {
      decisions = []
      const attacker = await mallory()
      const large = request(2, 'echo', 'x'.repeat(30_000))
      const many = Array.from({ length: 10_000 }, (_, index) => frame(FrameType.Cancel, 2 * index + 2))
      for (const excess of [[large], many]) {
        const link = await attacker.dial(victimId)
        link.send(hello(), ready())
        await until(() => decisions.length > 0, 'accept to be asked')
        link.send(...excess)
        await pass(100)
        decisions.splice(0).map((decide) => decide(true))
        expectThat(byeCode(await link.next(FrameType.Bye)) === 'PROTOCOL', 'PROTOCOL')
        await link.closed()
      }
      expectThat(!runs.some((run) => run.includes('mallory')), 'nothing run')
      expectThat(census().sessions === 1, 'no session begun')
    },
  },
  {
    name: 'an `accept` that throws has not said yes, and is reported',
    options: {
      accept: ({ id }) => {
        if (id.startsWith('friend')) return true
        throw new Error('/etc/passwd')
      },
    },
    async run({ mallory, victimId, reports }) {
      const attacker = await mallory()
      const link = await attacker.dial(victimId)
      link.send(hello(), ready(), request(2, 'echo'))
      const bye = await link.next(FrameType.Bye)
      expectThat(byeCode(bye) === 'REFUSED', 'REFUSED')
      expectThat(!new TextDecoder().decode(bye.payload).includes('passwd'), 'nothing of what it threw')
      expectThat(
        reports.some(({ error }) => String(error).includes('passwd')),
        'a report',
      )
    },
  },
  {
    name: 'a remote that leaves while it is judged takes nothing over',
    options: {
      accept: ({ id }) =>
        id.startsWith('friend') || new Promise<boolean>((resolve) => decisions.push(resolve)),
    },
    async run({ mallory, victimId, until, census, pass }) {
      decisions = []
      const attacker = await mallory()
      const first = await attacker.dial(victimId)
      first.send(hello(), ready())
      await until(() => decisions.length === 1, 'accept to be asked')
      decisions.splice(0).map((decide) => decide(true))
      await first.next(FrameType.Ready)
      const second = await attacker.dial(victimId)
      // The first one shows no life, so that it may be replaced.
      second.send(hello(), ready())
      await until(() => decisions.length === 1, 'accept to be asked again')
      await second.close()
      await pass(100)
      decisions.splice(0).map((decide) => decide(true))
      await pass(100)
      first.send(request(2, 'echo'))
      await first.next(FrameType.Answer, 2)
      expectThat(census().sessions === 2, 'the first session still there')
    },
  },
]
