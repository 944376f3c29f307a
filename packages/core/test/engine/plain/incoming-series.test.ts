import { expect, test } from 'vitest'
import { NanopeerError } from '../../../src/base/errors'
import { IncomingSeries } from '../../../src/engine/plain/incoming-series'
import { ReceiveBudget } from '../../../src/engine/rpc/window'

const begin = () => {
  const budget = new ReceiveBudget()
  const all = budget['left']
  const series = new IncomingSeries(budget, () => {})
  for (let count = 0; count < 60; count++) series.add(new Uint8Array(1_000_000))
  expect(budget['left']).toBeLessThan(all / 8)
  return { budget, all, series }
}
const lost = new NanopeerError('CONNECTION_LOST', 'The link is gone.')

test.each([lost, null])(
  'a series that nobody reads has nothing of the budget once it is over',
  async (error) => {
    const { budget, all, series } = begin()
    series.finish(error)
    expect(budget['left']).toBe(all)
    // What has arrived is still the reader's, and is not given back twice.
    expect(await series.take()).toHaveLength(1_000_000)
    expect(budget['left']).toBe(all)
    series.discard(lost)
    expect(budget['left']).toBe(all)
  },
)

test('what is read is given back as it is read', async () => {
  const { budget, all, series } = begin()
  for (let count = 0; count < 60; count++) await series.take()
  expect(budget['left']).toBe(all)
  series.finish(null)
  expect(budget['left']).toBe(all)
})
