import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/base/clock'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const day = 86_400_000

test('a time that is longer than a timer can wait is waited for', async () => {
  const reached = vi.fn()
  systemClock.after(60 * day, reached)
  await vi.advanceTimersByTimeAsync(60 * day - 1)
  expect(reached).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(reached).toHaveBeenCalledTimes(1)
})

test('a long wait is undone at any time, and an endless one has no timer', async () => {
  const reached = vi.fn()
  const undo = systemClock.after(60 * day, reached)
  systemClock.after(Number.POSITIVE_INFINITY, reached)
  await vi.advanceTimersByTimeAsync(30 * day)
  undo()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(60 * day)
  expect(reached).not.toHaveBeenCalled()
})
