import { expect, test } from 'vitest'
import { splitOf, stateOf, stretchesOf } from '../../src/model/split'
import { RequestRecord } from '../../src/record/request'

const create = (direction: 'in' | 'out' = 'out') =>
  new RequestRecord(direction, 'laptop', 'nas', '1', 'files.read', 0)

test('a request’s time is split into waiting for a link, the other side, and streaming', () => {
  const record = create()
  record.phases.push(
    { at: 0, state: 'waiting' },
    { at: 10, state: 'pending' },
    { at: 30, state: 'streaming' },
    { at: 60, state: 'waiting' },
    { at: 100, state: 'streaming' },
  )
  record.finish(null, 150)
  expect(splitOf(record, 999)).toEqual({ waiting: 50, handler: 20, streaming: 80, total: 150 })
  expect(stretchesOf(record, 999)).toHaveLength(5)
})

test('one that goes on is split up to now', () => {
  const record = create()
  record.phases.push({ at: 0, state: 'waiting' })
  expect(splitOf(record, 25)).toEqual({ waiting: 25, handler: 0, streaming: 0, total: 25 })
})

test('what it is doing is said in a word, from the side that looks', () => {
  const ours = create()
  expect(stateOf(ours)).toBe('waiting')
  ours.phases.push({ at: 1, state: 'pending' })
  expect(stateOf(ours)).toBe('at the device')
  const theirs = create('in')
  expect(stateOf(theirs)).toBe('handler runs')
  theirs.finish('ABORTED', 5)
  expect(stateOf(theirs)).toBe('aborted')
  ours.finish('TIMEOUT', 5)
  expect(stateOf(ours)).toBe('failed')
})
