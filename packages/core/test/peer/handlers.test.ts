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

test('of a second handler one is told where it stays, and not where it takes the place of the first in a turn', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { device } = await createPair(() => {})
  const undo = device.handle('title', () => 'first')
  device.handle('title', () => 'later')
  undo()
  await Promise.resolve()
  expect(warn).not.toHaveBeenCalled()
  device.handle('title', () => 'last')
  await Promise.resolve()
  expect(warn.mock.calls).toEqual([[expect.stringContaining('"title"')]])
})
