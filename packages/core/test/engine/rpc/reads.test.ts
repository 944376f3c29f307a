import { expect, test } from 'vitest'
import { Reads } from '../../../src/engine/rpc/reads'
import { VirtualClock } from '../../support/virtual-clock'

const turn = () => Promise.resolve()

test('reads that were given up while there was no room are forgotten, however many', async () => {
  let isFull = true
  let released = () => {}
  const held = {
    bytes: 0,
    hold() {},
    get isFull() {
      return isFull
    },
    whenReleased: (look: () => void) => {
      released = look
    },
  }
  const reads = new Reads(new VirtualClock(), held)
  let asked = 0
  const leave = Array.from({ length: 100_000 }, () =>
    reads.enter(() => {
      asked++
      reads.answered()
    }),
  )
  await turn()
  for (const each of leave.slice(0, -3)) each()
  isFull = false
  released()
  await turn()
  expect(asked).toBe(3)
})

test('sources that take their time are asked a few at a time: what they bring is counted before all are asked', async () => {
  const clock = new VirtualClock()
  let isFull = false
  const reads = new Reads(clock, {
    get isFull() {
      return isFull
    },
    whenReleased() {},
  })
  let asked = 0
  for (let n = 0; n < 1000; n++) reads.enter(() => asked++)
  await clock.advance(0)
  expect(asked).toBe(8)
  await clock.advance(100)
  expect(asked).toBe(48)
  // Who answers has another one asked at once.
  for (let n = 0; n < 3; n++) reads.answered()
  await turn()
  expect(asked).toBe(51)
  isFull = true
  await clock.advance(1000)
  expect(asked).toBe(51)
})
