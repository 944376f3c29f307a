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
