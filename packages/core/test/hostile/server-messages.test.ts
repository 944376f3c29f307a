import { describe, expect, test } from 'vitest'
import { parseAnswer, parseCandidate, parseOffer } from '../../src/engine/signalling/server-messages'

const good = {
  type: 'data',
  sdp: { type: 'offer', sdp: 'v=0' },
  connectionId: 'dc_1',
  label: 'nanopeer/1',
  serialization: 'raw',
}

const offer = (fields: object) =>
  parseOffer({ type: 'OFFER', src: 'mallory', payload: { ...good, ...fields } })

/** What a parser makes of a million brackets: it takes them without recursion, and nothing can write them again. */
const nested = (depth: number) => {
  let value: unknown = 0
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

const cycle: { self?: unknown } = {}
cycle.self = cycle

describe('metadata of an offer', () => {
  test.each([undefined, null, 'hello', { name: 'x'.repeat(4000) }])(
    'is given on, within its size',
    (metadata) => {
      expect(offer({ metadata })).not.toBeNull()
    },
  )

  test.each([
    ['too large', 'x'.repeat(5000)],
    ['too large in all', Array.from({ length: 3000 }, () => 0)],
    ['nested too deeply', nested(1_000_000)],
    ['no JSON', cycle],
    ['no JSON either', 2n],
    ['a prototype for whoever copies it', JSON.parse('{"__proto__": {"isAdmin": true}}')],
    ['such a one within', JSON.parse('{"a": [{"\\u005f_proto__": 1}]}')],
  ])('that is %s makes no offer, and throws nothing', (_, metadata) => {
    expect(offer({ metadata })).toBeNull()
    expect(offer({ type: 'media', metadata })).toBeNull()
  })

  test('that is far too large is not looked at to its end', () => {
    let looked = 0
    const part = {
      toJSON() {
        looked++
        return 0
      },
    }
    expect(offer({ metadata: new Array(100_000).fill(part) })).toBeNull()
    expect(looked).toBeLessThanOrEqual(2048)
  })

  test('may speak of __proto__', () => {
    expect(offer({ metadata: { about: '__proto__' } })).not.toBeNull()
  })
})

test('messages of any shape throw nothing', () => {
  const odd: unknown[] = [undefined, null, 0, '', [], {}, nested(1_000_000), cycle, { sdp: nested(9) }]
  for (const payload of odd) {
    const answers = [true, false].map(
      (isCall) => (message: Parameters<typeof parseAnswer>[0]) => parseAnswer(message, isCall),
    )
    for (const parse of [parseOffer, parseCandidate, ...answers]) {
      expect(parse({ type: 'OFFER', src: 'mallory', payload })).toBeNull()
      expect(parse({ type: 'OFFER', src: payload, payload: good })).toBeNull()
    }
  }
})

describe('the description of', () => {
  const sections = (kind: string, count: number) =>
    `v=0\r\n${`m=${kind} 9 UDP/TLS/RTP/SAVPF 96\r\n`.repeat(count)}`
  const call = (sdp: string) => offer({ type: 'media', sdp: { type: 'offer', sdp } })
  const answer = (sdp: string, isCall: boolean) =>
    parseAnswer({ type: 'ANSWER', payload: { sdp: { type: 'answer', sdp } } }, isCall)

  test('a call may have audio, video and data, and 17 sections', () => {
    for (const kind of ['audio', 'video', 'application']) expect(call(sections(kind, 1))?.isCall).toBe(true)
    expect(call(sections('video', 17))).not.toBeNull()
    expect(call(sections('video', 18))).toBeNull()
    expect(call(sections('text', 1))).toBeNull()
    expect(answer(sections('video', 1), true)).not.toBeNull()
    expect(answer(sections('video', 18), true)).toBeNull()
  })

  test('a link may have data, and nothing else', () => {
    expect(offer({ sdp: { type: 'offer', sdp: sections('video', 1) } })).toBeNull()
    expect(answer(sections('video', 1), false)).toBeNull()
    expect(answer(sections('application', 1), false)).not.toBeNull()
  })

  test('what is neither a link nor a call makes no offer', () => {
    expect(offer({ type: 'text' })).toBeNull()
  })
})
