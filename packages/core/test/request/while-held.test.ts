import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whileHeld } from '../../src/request/while-held'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what was left, held and left again in a turn ends once, a task after the last time', async () => {
  const ended: string[] = []
  const hold = whileHeld(
    () => () => ended.push('ended'),
    () => ended.push('forgotten'),
  )
  const release = hold()
  await Promise.resolve()
  release()
  hold()()
  vi.advanceTimersToNextTimer()
  expect(ended).toEqual(['ended', 'forgotten'])
  // One that came meanwhile under its name must not be forgotten along with it.
  expect(vi.getTimerCount()).toBe(0)
})
