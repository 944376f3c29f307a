import { expect, test } from 'vitest'
import { RingBuffer } from '../../src/record/ring'

test('keeps the latest, oldest first', () => {
  const ring = new RingBuffer<number>(3)
  expect([...ring]).toEqual([])
  expect(ring.last).toBeUndefined()
  for (let item = 1; item <= 7; item++) ring.push(item)
  expect([...ring]).toEqual([5, 6, 7])
  expect(ring.last).toBe(7)
  expect(ring.length).toBe(3)
})

test('begins anew when it is cleared', () => {
  const ring = new RingBuffer<number>(2)
  for (let item = 1; item <= 3; item++) ring.push(item)
  ring.clear()
  ring.push(4)
  expect([...ring]).toEqual([4])
  expect(ring.last).toBe(4)
})
