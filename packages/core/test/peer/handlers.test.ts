import { afterEach, expect, test, vi } from 'vitest'
import { createPair } from '../support/pair'

afterEach(() => vi.restoreAllMocks())

test('of two handlers of one action the later answers, and after it the first again', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { connection, device } = await createPair((nas) => void nas.handle('title', () => 'first'))
  const undo = device.handle('title', () => 'later')
  expect(await connection.request('title')).toBe('later')
  undo()
  expect(await connection.request('title')).toBe('first')
  undo()
  expect(await connection.request('title')).toBe('first')
})

test('the undo of an earlier handler leaves the later one alone', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { connection, device } = await createPair(() => {})
  const undo = device.handle('title', () => 'first')
  device.handle('title', () => 'later')
  undo()
  expect(await connection.request('title')).toBe('later')
})
