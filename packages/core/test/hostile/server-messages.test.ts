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
  ])('that is %s makes no offer, and throws nothing', (_, metadata) => {
    expect(offer({ metadata })).toBeNull()
  })
})

test('messages of any shape throw nothing', () => {
  const odd: unknown[] = [undefined, null, 0, '', [], {}, nested(1_000_000), cycle, { sdp: nested(9) }]
  for (const payload of odd) {
    for (const parse of [parseOffer, parseAnswer, parseCandidate]) {
      expect(parse({ type: 'OFFER', src: 'mallory', payload })).toBeNull()
      expect(parse({ type: 'OFFER', src: payload, payload: good })).toBeNull()
    }
  }
})
