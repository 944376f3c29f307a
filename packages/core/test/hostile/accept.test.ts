import { expect, test, vi } from 'vitest'
import { ActionError } from '../../src/base/errors'
import type { PeerOptions } from '../../src/base/types'
import { createWorld } from '../support/world'

/** What a laptop hears from a device with these options, and after how many ms. */
const ask = async (options: PeerOptions, timeout = 60_000) => {
  const { clock, create, settled } = createWorld()
  const nas = create('nas', options)
  nas.handle('hello', () => 'hi')
  void nas.open()
  const connection = create('laptop').connect('nas', { timeout })
  const start = clock.now()
  const answer = await settled(
    connection.request('hello', null, { timeout }).catch((error: { code: string }) => error.code),
  )
  return { answer, took: clock.now() - start, status: connection.$status.get() }
}

test.each([
  ['anyone', 'anyone'],
  ['a list with its id', ['printer', 'laptop']],
  ['a function', ({ id }: { id: string }) => id === 'laptop'],
  ['a promise', async ({ id }: { id: string }) => id === 'laptop'],
] as const)('who is accepted by %s is served', async (_, accept) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  expect(await ask({ accept })).toMatchObject({ answer: 'hi', status: { state: 'open' } })
  warn.mockRestore()
})

test.each([
  ['an empty list', []],
  ['a list without its id', ['laptop2', 'lap']],
  ['a function', (): boolean => false],
  ['a promise', async (): Promise<boolean> => false],
  ['a promise of something that is not true', async () => 'yes' as unknown as boolean],
  ['nothing', (() => {}) as unknown as () => boolean],
  ['a promise that rejects', () => Promise.reject(new Error('The database is away.'))],
] as const)('who is not accepted by %s is REFUSED within a second', async (_, accept) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { answer, took, status } = await ask({ accept })
  expect(answer).toBe('REFUSED')
  expect(status).toMatchObject({ state: 'closed', error: { code: 'REFUSED' }, retryAt: null })
  expect(took).toBeLessThan(1000)
  warn.mockRestore()
})

test('an `accept` that never decides is a no after 30 s', async () => {
  const { answer, took, status } = await ask({ accept: () => new Promise(() => {}) })
  expect(answer).toBe('REFUSED')
  expect(status).toMatchObject({ state: 'closed', error: { code: 'REFUSED' } })
  expect(took).toBeGreaterThanOrEqual(30_000)
  expect(took).toBeLessThan(32_000)
})

test('an ActionError whose data is as deep as a value may be still reaches the asker, without it', async () => {
  const { create, device, settled } = createWorld()
  device('nas', { onError: () => {} }).handle('echo', (input) => {
    throw new ActionError(400, 'No', input)
  })
  const nested = (depth: number): unknown => (depth === 0 ? null : [nested(depth - 1)])
  const asked = create('laptop').connect('nas').request('echo', nested(64))
  await expect(settled(asked)).rejects.toMatchObject({ name: 'ActionError', code: 400, message: 'No' })
})
