import { beforeEach, expect, test } from 'vitest'
import { Deadlines, type Waiter } from '../../src/connection/deadlines'
import { VirtualClock } from '../support/virtual-clock'

let clock: VirtualClock
let waiting: Person[]
let deadlines: Deadlines
let reached: string[]

class Person implements Waiter {
  constructor(
    public lateAt: number,
    private readonly told: () => void,
  ) {}

  late(): void {
    this.leave()
    this.told()
  }

  leave(): void {
    this.lateAt = Number.POSITIVE_INFINITY
  }
}

beforeEach(() => {
  clock = new VirtualClock()
  waiting = []
  deadlines = new Deadlines(clock, () => waiting)
  reached = []
})

const after = (
  ms: number,
  told = () => {
    reached.push(`${ms} at ${clock.now()}`)
  },
): Person => {
  const person = new Person(clock.now() + ms, told)
  waiting.push(person)
  deadlines.set(person.lateAt)
  return person
}

test('each is told at its time, in whatever order they were set, behind one timer', async () => {
  for (const ms of [300, 100, 200]) after(ms)
  expect(clock.pending).toBe(1)
  await clock.advance(250)
  expect(reached).toEqual(['100 at 100', '200 at 200'])
  await clock.advance(50)
  expect(reached).toEqual(['100 at 100', '200 at 200', '300 at 300'])
  expect(clock.pending).toBe(0)
})

test('one that has left is not told, and those behind it are', async () => {
  const first = after(100)
  after(200)
  first.leave()
  await clock.advance(1000)
  expect(reached).toEqual(['200 at 200'])
})

test('one that another one ends as it is told is not', async () => {
  after(100, () => other.leave())
  const other = after(100)
  await clock.advance(1000)
  expect(reached).toEqual([])
})

test('one that is set while another is told counts from then', async () => {
  after(100, () => void after(50))
  await clock.advance(1000)
  expect(reached).toEqual(['50 at 150'])
})

test('a timer that goes off early tells whom it was set for, and nobody else', () => {
  let run = () => {}
  const people = [new Person(100, () => reached.push('first')), new Person(101, () => reached.push('second'))]
  const clockThatIsEarly = {
    now: () => 0,
    after: (_ms: number, fire: () => void) => {
      run = fire
      return () => {}
    },
  }
  const early = new Deadlines(clockThatIsEarly, () => people)
  for (const { lateAt } of people) early.set(lateAt)
  run()
  expect(reached).toEqual(['first'])
  run()
  expect(reached).toEqual(['first', 'second'])
})

test('at rest no timer is left, unless somebody still waits', async () => {
  const person = after(100)
  deadlines.rest()
  expect(clock.pending).toBe(1)
  person.leave()
  deadlines.rest()
  expect(clock.pending).toBe(0)
  after(100)
  await clock.advance(100)
  expect(reached).toEqual(['100 at 100'])
})
