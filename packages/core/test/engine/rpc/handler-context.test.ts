import { expect, test } from 'vitest'
import type { HandlerContext } from '../../../src/base/types'
import { createWorld } from '../../support/world'

test('a copy of what a handler is told has all of it, the signal too', async () => {
  const { device, settled } = createWorld()
  const copies: HandlerContext[] = []
  const nas = device('nas')
  nas.handle('note', (_, context) => void copies.push({ ...context }))
  const laptop = device('laptop')
  await settled(laptop.connect('nas').request('note'))
  const [copy] = copies
  expect(copy?.signal).toBeInstanceOf(AbortSignal)
  expect(copy).toMatchObject({ action: 'note', remote: { id: 'laptop' } })
  expect(copy?.connection).toBe(nas.$connections.value?.[0])
})
