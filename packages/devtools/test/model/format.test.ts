import { expect, test } from 'vitest'
import { count, formatBytes, formatDuration, formatTime } from '../../src/model/format'

test.each([
  [0, '0 ms'],
  [0.25, '250 µs'],
  [12.4, '12 ms'],
  [4100, '4.1 s'],
  [125_000, '2 min 5 s'],
  [11_520_000, '3 h 12 min'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1400, '1.4 KB'],
  [250_000, '250 KB'],
  [16_000_000, '16.0 MB'],
  [3_200_000_000_000_000, '3200 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('a time is that of the clock on the wall, to the millisecond', () => {
  expect(formatTime(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe('03:04:05.006')
})

test('one is one', () => {
  expect([count(1, 'link'), count(0, 'link'), count(3, 'link')]).toEqual(['1 link', '0 links', '3 links'])
})
