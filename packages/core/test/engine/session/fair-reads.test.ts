import { beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/base/clock'
import { FairReads } from '../../../src/engine/session/fair-reads'
import { afterwards, type Unread } from '../../../src/engine/session/unread'

const large = 100_000

let tasks: (() => void)[]
let turns: FairReads
let read: string[]

beforeEach(() => {
  tasks = []
  read = []
  turns = new FairReads({ ...systemClock, soon: (task) => void tasks.push(task) })
})

const note = (what: string): null => {
  read.push(what)
  return null
}
/** What takes `turns` turns to read. */
const inParts = (what: string, parts: number, part = 1): Unread => {
  note(`${what} ${part}`)
  return part < parts ? () => inParts(what, parts, part + 1) : null
}

const runTask = () => tasks.shift()?.()
const runAll = () => {
  while (tasks.length > 0) runTask()
}

test('the only link is read at once, however much comes', () => {
  const turn = turns.enter()
  for (let count = 0; count < 3; count++) turn.take(large, () => note(`${count}`))
  expect(read).toEqual(['0', '1', '2'])
  expect(tasks).toEqual([])
})

test('what comes now and then is read at once, whoever else is there', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => note('first'))
  runAll()
  turn.take(large, () => note('second'))
  expect(read).toEqual(['first', 'second'])
})

test('a flood over one link waits, and a message of another one is read before the rest of it', () => {
  const [flood, friend] = [turns.enter(), turns.enter()]
  for (let count = 0; count < 3; count++) flood.take(large, () => note(`flood ${count}`))
  friend.take(100, () => note('friend'))
  expect(read).toEqual(['flood 0', 'friend'])
  runAll()
  expect(read).toEqual(['flood 0', 'friend', 'flood 1', 'flood 2'])
  expect(flood.bytes).toBe(0)
})

test('many small messages share a turn, a large one has its own', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => note('large'))
  for (let count = 0; count < 5; count++) turn.take(10, () => note(`${count}`))
  turn.take(large, () => note('large'))
  turn.take(large, () => note('last'))
  runTask()
  expect(read).toEqual(['large', '0', '1', '2', '3', '4', 'large'])
  runAll()
  expect(read.at(-1)).toBe('last')
})

test('what waits of one link has a bound', () => {
  const [turn] = [turns.enter(), turns.enter()]
  let taken = 0
  while (turn.take(1024 * 1024, () => null)) taken++
  expect(taken).toBeGreaterThan(16)
  expect(taken).toBeLessThan(64)
})

test('empty messages count, too', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => null)
  let taken = 0
  while (turn.take(0, () => null)) taken++
  expect(taken).toBeLessThan(200_000)
})

test('a link that has ended is not read any more, and what waited is gone', () => {
  const [turn, other] = [turns.enter(), turns.enter()]
  for (let count = 0; count < 3; count++) turn.take(large, () => note(`${count}`))
  turn.dispose()
  turn.dispose()
  runAll()
  expect(read).toEqual(['0'])
  expect(turn.bytes).toBe(0)
  other.take(large, () => note('other'))
  other.take(large, () => note('alone again'))
  expect(read).toEqual(['0', 'other', 'alone again'])
})

test('a turn that is given up in the middle of its messages reads no further', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => note('first'))
  turn.take(10, () => {
    turn.dispose()
    return note('last')
  })
  turn.take(10, () => note('never'))
  runAll()
  expect(read).toEqual(['first', 'last'])
})

test('a large value is read over several tasks, and what comes behind it waits, of one link, too', () => {
  const turn = turns.enter()
  turn.take(large, () => inParts('large', 3))
  turn.take(10, () => note('behind'))
  expect(read).toEqual(['large 1'])
  runTask()
  expect(read).toEqual(['large 1', 'large 2'])
  runAll()
  expect(read).toEqual(['large 1', 'large 2', 'large 3', 'behind'])
  turn.take(10, () => note('alone again'))
  expect(read.at(-1)).toBe('alone again')
  expect(turn.bytes).toBe(0)
})

test('one large value is in the middle at a time, and small ones go past it', () => {
  const [first, second, friend] = [turns.enter(), turns.enter(), turns.enter()]
  first.take(large, () => inParts('first', 3))
  second.take(large, () => inParts('second', 3))
  friend.take(10, () => note('friend'))
  expect(read).toEqual(['first 1', 'second 1', 'friend'])
  runAll()
  expect(read.slice(3)).toEqual(['first 2', 'first 3', 'second 2', 'second 3'])
  expect(turns.inMiddle).toBeNull()
})

test('what is being read when its link ends is read to its end at once, because it counts as received', () => {
  const [turn, other] = [turns.enter(), turns.enter()]
  turn.take(large, () => afterwards(inParts('large', 3), () => note('the end')))
  turn.take(10, () => note('never'))
  turn.dispose()
  expect(read).toEqual(['large 1', 'large 2', 'large 3', 'the end'])
  expect(turns.inMiddle).toBeNull()
  other.take(large, () => inParts('other', 2))
  runAll()
  expect(read.slice(4)).toEqual(['other 1', 'other 2'])
})

test('a link that ends while a part of its message is read reads the rest of it, once', () => {
  const [turn] = [turns.enter(), turns.enter()]
  turn.take(large, () => () => {
    turn.dispose()
    return inParts('rest', 2)
  })
  runAll()
  expect(read).toEqual(['rest 1', 'rest 2'])
  expect(turns.inMiddle).toBeNull()
})

test("the system's own tasks come one after the other, behind what waits already", async () => {
  const order: number[] = []
  await new Promise<void>((resolve) => {
    for (const task of [1, 2, 3]) systemClock.soon?.(() => order.push(task) === 4 && resolve())
    order.push(0)
  })
  expect(order).toEqual([0, 1, 2, 3])
})
