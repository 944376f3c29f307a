import { beforeEach, expect, test } from 'vitest'
import { Deadlines } from '../../src/connection/deadlines'
import { VirtualClock } from '../support/virtual-clock'

let clock: VirtualClock
let deadlines: Deadlines
let reached: string[]

beforeEach(() => {
  clock = new VirtualClock()
  deadlines = new Deadlines(clock)
  reached = []
})

const after = (ms: number) => deadlines.after(ms, () => reached.push(`${ms} at ${clock.now()}`))

test('each is reached at its time, in whatever order they were set, behind one timer', async () => {
  for (const ms of [300, 100, 200]) after(ms)
  expect(clock.pending).toBe(1)
  await clock.advance(250)
  expect(reached).toEqual(['100 at 100', '200 at 200'])
  await clock.advance(50)
  expect(reached).toEqual(['100 at 100', '200 at 200', '300 at 300'])
  expect(clock.pending).toBe(0)
})

test('one that was undone is not reached, and those behind it are', async () => {
  const undo = after(100)
  after(200)
  undo()
  undo()
  await clock.advance(1000)
  expect(reached).toEqual(['200 at 200'])
})

test('one that another one undoes as it is reached is not', async () => {
  let undo = () => {}
  deadlines.after(100, () => undo())
  undo = after(100)
  await clock.advance(1000)
  expect(reached).toEqual([])
})

test('one that is set while another is reached counts from then', async () => {
  deadlines.after(100, () => after(50))
  await clock.advance(1000)
  expect(reached).toEqual(['50 at 150'])
})

test('a timer that goes off early reaches what it was set for, and nothing else', () => {
  let run = () => {}
  const early = new Deadlines({
    now: () => 0,
    after: (_ms, fire) => {
      run = fire
      return () => {}
    },
  })
  early.after(100, () => reached.push('first'))
  early.after(101, () => reached.push('second'))
  run()
  expect(reached).toEqual(['first'])
  run()
  expect(reached).toEqual(['first', 'second'])
})

test('at rest no timer is left, unless something still waits', async () => {
  const undo = after(100)
  deadlines.rest()
  expect(clock.pending).toBe(1)
  undo()
  deadlines.rest()
  expect(clock.pending).toBe(0)
  after(100)
  await clock.advance(100)
  expect(reached).toEqual(['100 at 100'])
})
