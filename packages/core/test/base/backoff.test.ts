import { describe, expect, test } from 'vitest'
import { backoff } from '../../src/base/backoff'

const most = () => 1 - Number.EPSILON
const least = () => 0

describe('backoff', () => {
  test('doubles with every failed attempt', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, {}, most))).toEqual([500, 1000, 2000, 4000])
  })

  test('never waits less than half of the step, whatever the dice say', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, {}, least))).toEqual([250, 500, 1000, 2000])
  })

  test('never waits longer than maxDelay, however many attempts failed', () => {
    expect(backoff(5000, {}, most)).toBe(30_000)
    expect(backoff(5000, { maxDelay: 1000 }, most)).toBe(1000)
  })

  test('spreads the attempts of many devices', () => {
    const waits = new Set(Array.from({ length: 200 }, () => backoff(6)))
    expect(waits.size).toBeGreaterThan(50)
  })
})
