import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StreamQueue } from '../../../src/engine/session/stream-queue'

interface Item {
  readonly stream: number
  readonly number: number
}

const stream = fc.integer({ min: 0, max: 4 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: stream }) },
  { weight: 2, arbitrary: fc.constant('shift' as const) },
  { weight: 2, arbitrary: fc.record({ remove: stream }) },
  { weight: 1, arbitrary: fc.constant('clear' as const) },
)

test('is an array from which whole streams are taken', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new StreamQueue<Item>()
      let array: Item[] = []
      steps.forEach((step, number) => {
        if (step === 'shift') expect(queue.shift()).toBe(array.shift())
        else if (step === 'clear') {
          queue.clear()
          array = []
        } else if ('push' in step) {
          const item = { stream: step.push, number }
          queue.push(item)
          array.push(item)
        } else {
          queue.remove(step.remove)
          array = array.filter((item) => item.stream !== step.remove)
        }
        expect(queue.first).toBe(array[0])
        expect(queue.length).toBe(array.length)
      })
      expect(array.map(() => queue.shift())).toEqual(array)
    }),
    { numRuns: 2000 },
  )
})

test('what one stream has is taken without a look at what the others have', () => {
  const queue = new StreamQueue()
  let looks = 0
  const item = (stream: number) => ({
    get stream() {
      looks++
      return stream
    },
  })
  const streams = Array.from({ length: 1000 }, (_, index) => index)
  for (const stream of streams) queue.push(item(stream))
  looks = 0
  for (const stream of streams.reverse()) queue.remove(stream)
  expect(queue.length).toBe(0)
  expect(looks).toBe(0)
})
