import { expect, test } from 'vitest'
import { createEarlyCandidates } from '../../../src/engine/signalling/early-candidates'

const candidate = (payload?: unknown) => ({ type: 'CANDIDATE', payload })

test('candidates come back in their order, once', () => {
  const early = createEarlyCandidates()
  early.hold('friend', 'dc_1', candidate(1))
  early.hold('friend', 'dc_1', candidate(2))
  expect(early.take('stranger', 'dc_1')).toEqual([])
  expect(early.take('friend', 'dc_1')).toEqual([candidate(1), candidate(2)])
  expect(early.take('friend', 'dc_1')).toEqual([])
})

test.each([1, 8])(
  '%i strangers with any number of connections make room for themselves alone',
  (strangers) => {
    const early = createEarlyCandidates()
    early.hold('friend', 'dc_1', candidate())
    for (let index = 0; index < 1_000; index++)
      early.hold(`stranger-${index % strangers}`, `dc_${index}`, candidate())
    early.hold('friend', 'dc_2', candidate())
    expect(early.take('friend', 'dc_1')).toHaveLength(1)
    expect(early.take('friend', 'dc_2')).toHaveLength(1)
  },
)

test('64 connections have candidates waiting at most, and the oldest of a stranger is the first to go', () => {
  const early = createEarlyCandidates()
  for (let index = 0; index < 100; index++) early.hold('stranger', `dc_${index}`, candidate())
  const held = Array.from({ length: 100 }, (_, index) => early.take('stranger', `dc_${index}`).length)
  expect(held.reduce((sum, count) => sum + count)).toBe(64)
  expect(held.slice(36)).toEqual(Array(64).fill(1))
})

test('64 candidates of one connection wait at most', () => {
  const early = createEarlyCandidates()
  for (let index = 0; index < 100; index++) early.hold('stranger', 'dc_1', candidate())
  expect(early.take('stranger', 'dc_1')).toHaveLength(64)
})
