import { beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/base/clock'
import { FairReads } from '../../../src/engine/session/fair-reads'

const large = 100_000

let tasks: (() => void)[]
let turns: FairReads
let read: string[]

beforeEach(() => {
  tasks = []
  read = []
  turns = new FairReads({ ...systemClock, soon: (task) => void tasks.push(task) })
})

const runTask = () => tasks.shift()?.()
const runAll = () => {
  while (tasks.length > 0) runTask()
}

test('the only link is read at once, however much comes', () => {
  const turn = turns.enter()
  for (let count = 0; count < 3; count++) turn.take(large, () => read.push(`${count}`))
  expect(read).toEqual(['0', '1', '2'])
  expect(tasks).toEqual([])
})

test('what comes now and then is read at once, whoever else is there', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => read.push('first'))
  runAll()
  turn.take(large, () => read.push('second'))
  expect(read).toEqual(['first', 'second'])
})

test('a flood over one link waits, and a message of another one is read before the rest of it', () => {
  const [flood, friend] = [turns.enter(), turns.enter()]
  for (let count = 0; count < 3; count++) flood.take(large, () => read.push(`flood ${count}`))
  friend.take(100, () => read.push('friend'))
  expect(read).toEqual(['flood 0', 'friend'])
  runAll()
  expect(read).toEqual(['flood 0', 'friend', 'flood 1', 'flood 2'])
  expect(flood.bytes).toBe(0)
})

test('many small messages share a turn, a large one has its own', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => read.push('large'))
  for (let count = 0; count < 5; count++) turn.take(10, () => read.push(`${count}`))
  turn.take(large, () => read.push('large'))
  turn.take(large, () => read.push('last'))
  runTask()
  expect(read).toEqual(['large', '0', '1', '2', '3', '4', 'large'])
  runAll()
  expect(read.at(-1)).toBe('last')
})

test('what waits of one link has a bound', () => {
  const [turn] = [turns.enter(), turns.enter()]
  let taken = 0
  while (turn.take(1024 * 1024, () => {})) taken++
  expect(taken).toBeGreaterThan(16)
  expect(taken).toBeLessThan(64)
})

test('empty messages count, too', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => {})
  let taken = 0
  while (turn.take(0, () => {})) taken++
  expect(taken).toBeLessThan(200_000)
})

test('a link that has ended is not read any more, and what waited is gone', () => {
  const [turn, other] = [turns.enter(), turns.enter()]
  for (let count = 0; count < 3; count++) turn.take(large, () => read.push(`${count}`))
  turn.dispose()
  turn.dispose()
  runAll()
  expect(read).toEqual(['0'])
  expect(turn.bytes).toBe(0)
  other.take(large, () => read.push('other'))
  other.take(large, () => read.push('alone again'))
  expect(read).toEqual(['0', 'other', 'alone again'])
})

test('a turn that is given up in the middle of its messages reads no further', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => read.push('first'))
  turn.take(10, () => {
    read.push('last')
    turn.dispose()
  })
  turn.take(10, () => read.push('never'))
  runAll()
  expect(read).toEqual(['first', 'last'])
})

test("the system's own tasks come one after the other, behind what waits already", async () => {
  const order: number[] = []
  await new Promise<void>((resolve) => {
    for (const task of [1, 2, 3]) systemClock.soon?.(() => order.push(task) === 4 && resolve())
    order.push(0)
  })
  expect(order).toEqual([0, 1, 2, 3])
})
