import { encodeValue } from '../../../src/codec/write'
import { decodeFailure } from '../../../src/engine/wire/failure'
import { encodeFrames, type Frame, FrameType } from '../../../src/engine/wire/frame'
import { encodeVarint } from '../../../src/engine/wire/varint'
import { credit, frame, type MalloryLink, request } from '../mallory'
import { type Attack, expectThat } from '../stage'

const codeOf = (failure: Frame): unknown => decodeFailure(failure.payload).code

/** A request whose input is these bytes, whatever they are. */
const rawInput = (stream: number, input: Uint8Array): Frame => {
  const head = encodeValue(['echo', 0, false, null], 'INVALID_INPUT')
  const length = encodeVarint(head.length)
  return frame(FrameType.Request, stream, Uint8Array.from([...length, ...head, ...input]))
}

const upload = (stream: number): Frame => request(stream, 'stuck', null, 'value', { size: null })

/** Sends raw frames of one kind until the victim has had enough, or `rounds` messages are through. */
const repeat = async (
  link: MalloryLink,
  rounds: number,
  message: (round: number) => Frame[],
  served: () => Promise<void>,
) => {
  for (let round = 0; round < rounds && !link.isClosed; round++) {
    link.send(...message(round))
    if (round % 8 === 0) await served()
  }
  await link.delivered()
  await served()
}

/** What a remote that is served can do with requests and streams. */
export const requestAttacks: readonly Attack[] = [
  {
    name: 'credit overflow: the most that can be granted changes nothing for anybody else',
    async run({ mallory, victimId, friendIsServed, census }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      link.send(request(2, 'read', { size: 1e12 }, 'bytes'), credit(2, 2 ** 53 - 1), credit(2, 0))
      await link.next(FrameType.Data, 2)
      await friendIsServed()
      expectThat(census().held <= 8 * 1024 * 1024, 'no more than the unacknowledged limit held')
      link.send(frame(FrameType.Credit, 2, new Uint8Array(12).fill(0xff)))
      await link.closed()
    },
  },
  {
    name: 'window ignored: an upload beyond its window closes the link',
    async run({ mallory, victimId, friendIsServed, census, until }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      link.send(upload(2))
      await until(() => census().handlers === 1, 'the handler to run')
      const data = frame(FrameType.Data, 2, new Uint8Array(65_536))
      for (let sent = 0; sent < 4; sent++) link.send(data)
      await friendIsServed()
      await link.delivered()
      expectThat(!link.isClosed && census().arrived >= 262_144, 'a window of 256 KiB, unread')
      link.send(frame(FrameType.Data, 2, new Uint8Array(1)))
      await link.closed()
    },
  },
  {
    name: 'an upload in single bytes and empty frames takes no more memory than its window',
    async run({ mallory, victimId, friendIsServed, census, until }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      link.send(upload(2))
      await until(() => census().handlers === 1, 'the handler to run')
      const empty = Array.from({ length: 50_000 }, () => frame(FrameType.Data, 2))
      const single = Array.from({ length: 30_000 }, () => frame(FrameType.Data, 2, Uint8Array.of(7)))
      await repeat(link, 8, (round) => (round % 2 ? single : empty), friendIsServed)
      expectThat(census().arrived === 120_001, 'as many bytes as were sent, and the null input')
    },
  },
  {
    name: 'duplicate and unknown stream ids: unknown ones mean nothing, a duplicate closes the link',
    async run({ mallory, victimId, friendIsServed, runs }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      const types = [
        FrameType.Answer,
        FrameType.Head,
        FrameType.Data,
        FrameType.Item,
        FrameType.End,
        FrameType.Fail,
      ]
      // Of ours, of theirs, and as large as a number can be.
      for (const stream of [1, 2, 3, 4, 2 ** 53 - 1]) {
        link.send(...types.map((type) => frame(type, stream, Uint8Array.of(1, 2, 3))), credit(stream, 5))
        link.send(frame(FrameType.Cancel, stream), frame(FrameType.Request, 1, Uint8Array.of(1)))
      }
      await friendIsServed()
      link.send(request(2, 'echo'))
      await link.next(FrameType.Answer, 2)
      link.send(request(4, 'stuck'), request(4, 'echo'))
      await link.closed()
      expectThat(runs.filter((run) => run.includes('mallory')).length === 1, 'one run of a handler')
    },
  },
  {
    name: 'cancel storms: of streams that are, were and never have been',
    async run({ mallory, victimId, friendIsServed, census, stuck, until }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      let stream = 0
      const storm = (count: number) =>
        Array.from({ length: count }, (_, index) => frame(FrameType.Cancel, 2 * index + 2))
      // Something to look through: answers that nobody has acknowledged.
      for (let round = 0; round < 20; round++) {
        const asked = Array.from({ length: 900 }, () => {
          stream += 2
          return request(stream, 'echo', 'x')
        })
        link.send(...asked)
        await friendIsServed()
      }
      const flood = encodeFrames(...storm(50_000))
      for (let round = 0; round < 4; round++) {
        link.raw(flood)
        await friendIsServed()
      }
      stream = 100_000
      const fresh = (count: number) =>
        Array.from({ length: count }, () => {
          stream += 2
          return stream
        })
      for (let round = 1; round <= 10; round++) {
        const streams = fresh(100)
        link.send(...streams.map((it) => request(it, 'stuck')))
        await until(() => stuck.length === round * 100, 'all handlers to run')
        link.send(...streams.map((it) => frame(FrameType.Cancel, it)))
      }
      for (let round = 0; round < 20; round++) {
        const streams = fresh(100)
        link.send(...streams.flatMap((it) => [request(it, 'stuck'), frame(FrameType.Cancel, it)]))
      }
      await link.delivered()
      await until(() => census().handlers === 0, 'all handlers to be told')
      expectThat(stuck.length === 1000, 'no run of what was cancelled at once')
      expectThat(
        stuck.every((signal) => signal.aborted),
        'every signal fired',
      )
    },
  },
  {
    name: '`__proto__` and `constructor` as action names and fields: they mean nothing',
    async run({ mallory, victimId, friendIsServed }) {
      const attacker = await mallory()
      let link = await attacker.enter(victimId)
      const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '']
      link.send(...names.map((name, index) => request(2 * index + 2, name)))
      for (const [index] of names.entries()) {
        const failure = await link.next(FrameType.Fail, 2 * index + 2)
        expectThat(codeOf(failure) === 'UNKNOWN_ACTION', 'UNKNOWN_ACTION')
      }
      link.send(request(100, 'x'.repeat(257)))
      await link.closed()
      link = await attacker.enter(victimId)
      link.send(request(2, 'echo', { constructor: { prototype: { polluted: true } } }))
      await link.next(FrameType.Answer, 2)
      // { "__proto__": { "polluted": true } }, which our own encoder refuses.
      const text = new TextEncoder()
      const name = text.encode('__proto__')
      const field = text.encode('polluted')
      const value = [0x81, 0xa0 + name.length, ...name, 0x81, 0xa0 + field.length, ...field, 0xc3]
      link.send(rawInput(4, Uint8Array.from(value)))
      await link.closed()
      expectThat(!('polluted' in {}), 'no polluted prototype')
      await friendIsServed()
    },
  },
  {
    name: 'deep nesting and values that claim more than they hold: the link is closed, nothing is allocated',
    async run({ mallory, victimId, friendIsServed }) {
      const attacker = await mallory()
      const inputs = [
        Uint8Array.from([...new Array(100).fill(0x91), 0xc0]),
        Uint8Array.from([...new Array(60_000).fill(0x91), 0xc0]),
        Uint8Array.from([...new Array(60_000).fill(0x81)]),
        Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff),
        Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff, 0xc0),
        Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff, 0x41),
        Uint8Array.of(0xc9, 0xff, 0xff, 0xff, 0xff, 0x10),
        Uint8Array.of(0xd4, 0x63, 0x00),
        Uint8Array.of(0xc1),
        new Uint8Array(0),
      ]
      for (const input of inputs) {
        const link = await attacker.enter(victimId)
        link.send(rawInput(2, input))
        await link.closed()
      }
      await friendIsServed()
    },
    options: { limits: { dialsPerMinute: 1000 } },
  },
  {
    name: 'fragments of values that never end, over any number of streams: refused, and the rest ignored',
    async run({ mallory, victimId, friendIsServed, census }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      const fragments = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) =>
          frame(FrameType.Request, from + 2 * index, Uint8Array.of(1), true),
        )
      link.send(...fragments(2, 1024))
      await friendIsServed()
      await link.delivered()
      expectThat(
        census().arrived === 1024 && !link.isClosed,
        'as many values under way as streams are allowed',
      )
      link.send(...fragments(10_000, 10))
      expectThat(codeOf(await link.next(FrameType.Fail)) === 'OVERLOADED', 'OVERLOADED')
      link.send(...fragments(20_000, 5000))
      await link.closed()
      expectThat(census().arrived === 0, 'nothing kept')
    },
  },
  {
    name: 'an empty fragment closes the link',
    async run({ mallory, victimId }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      link.send(frame(FrameType.Message, 0, new Uint8Array(0), true))
      await link.closed()
    },
  },
  {
    name: 'a value over the limit is TOO_LARGE, and what still comes of it means nothing',
    options: { limits: { messageSize: 100_000 } },
    async run({ mallory, victimId, census }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      const part = (stream: number, more: boolean) =>
        frame(FrameType.Request, stream, new Uint8Array(60_000), more)
      link.send(part(2, true))
      link.send(part(2, true))
      expectThat(codeOf(await link.next(FrameType.Fail, 2)) === 'TOO_LARGE', 'TOO_LARGE')
      link.send(part(2, true))
      link.send(part(2, false))
      link.send(frame(FrameType.Request, 4, new Uint8Array(100_001)))
      expectThat(codeOf(await link.next(FrameType.Fail, 4)) === 'TOO_LARGE', 'TOO_LARGE in one frame')
      link.send(request(6, 'echo', 'still here'))
      await link.next(FrameType.Answer, 6)
      expectThat(census().arrived === 0, 'nothing kept')
    },
  },
  {
    name: 'more requests than are allowed at once: OVERLOADED to their sender, and the friend is served',
    async run({ mallory, victimId, friendIsServed, census }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      await repeat(
        link,
        20,
        (round) => Array.from({ length: 100 }, (_, index) => request(2 + 2 * index + 200 * round, 'stuck')),
        friendIsServed,
      )
      expectThat(census().handlers === 1024, 'as many handlers as one remote may have')
      expectThat(link.of(FrameType.Fail).length === 2000 - 1024, 'a refusal for each of the others')
      expectThat(
        link.of(FrameType.Fail).every((it) => codeOf(it) === 'OVERLOADED'),
        'OVERLOADED',
      )
      expectThat(!link.isClosed, 'the attacker is still connected')
    },
  },
  {
    name: 'small messages that describe large structures: refused before they fill the memory',
    async run({ mallory, victimId, friendIsServed, census, until }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      // 50,000 empty objects in 50,000 bytes, over 3 MB each in memory.
      const objects = Uint8Array.from([0xdd, 0, 0, 0xc3, 0x50, ...new Array(50_000).fill(0x80)])
      const head = encodeValue(['stuck', 0, false, null], 'INVALID_INPUT')
      const payload = Uint8Array.from([...encodeVarint(head.length), ...head, ...objects])
      await repeat(link, 60, (round) => [frame(FrameType.Request, 2 + 2 * round, payload)], friendIsServed)
      await until(() => link.of(FrameType.Fail).length > 0, 'a refusal')
      expectThat(
        link.of(FrameType.Fail).every((it) => codeOf(it) === 'OVERLOADED'),
        'OVERLOADED',
      )
      expectThat(census().arrived <= 64 * 1024 * 1024, 'at most 64 MiB of inputs')
    },
  },
  {
    name: 'one message with millions of entries: the link is closed before they are made, and nobody waits for it',
    async run({ mallory, victimId, friendIsServed, census }) {
      const attacker = await mallory()
      // 2.7 million fields with names of four letters, 2.7 million numbers, as many objects and as many buffers.
      const count = [0x00, 0x29, 0x32, 0xe0]
      const floods = [
        [Uint8Array.of(0xdf, ...count), Uint8Array.of(0xa4, 0x61, 0x62, 0x63, 0x64, 0)],
        [Uint8Array.of(0xdd, ...count), Uint8Array.of(1)],
        [Uint8Array.of(0xdd, ...count), Uint8Array.of(0x80)],
        [Uint8Array.of(0xdd, ...count), Uint8Array.of(0xc7, 0, 2)],
      ] as const
      for (const [header, unit] of floods) {
        for (const type of [FrameType.Message, FrameType.Request]) {
          const link = await attacker.enter(victimId)
          const stream = type === FrameType.Message ? 0 : 2
          const part = new Uint8Array(60_000).map((_, index) => unit[index % unit.length] as number)
          const begin = type === FrameType.Message ? header : rawInput(2, header).payload
          link.send(frame(type, stream, begin, true))
          const parts = Math.ceil((2_700_000 * unit.length) / part.length)
          for (let index = 1; index <= parts; index++) link.send(frame(type, stream, part, index < parts))
          await link.closed()
          expectThat(census().arrived === 0, 'nothing kept')
        }
      }
      await friendIsServed()
    },
    options: { limits: { dialsPerMinute: 1000 } },
  },
  {
    name: 'messages that nobody listens to: some are kept, the rest is dropped and reported once',
    async run({ mallory, victimId, friendIsServed, reports }) {
      const attacker = await mallory()
      const link = await attacker.enter(victimId)
      const message = frame(FrameType.Message, 0, encodeValue('x'.repeat(50_000), 'INVALID_INPUT'))
      await repeat(link, 200, () => [message, message], friendIsServed)
      expectThat(!link.isClosed, 'the attacker is still connected')
      expectThat(reports.filter(({ remoteId }) => remoteId?.startsWith('mallory')).length === 1, 'one report')
    },
  },
]
