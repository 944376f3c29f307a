import { expect, onTestFinished, test, vi } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import { loadPairing } from '../../src/peer/load-pairing'
import { createTestNetwork } from '../../testing'
import { turns } from '../support/pair'

vi.mock('../../src/engine/pairing/index', () => {
  throw new TypeError('offline')
})

vi.mock('../../src/load-engine', () => ({
  engineAtHand: () => null,
  loadEngine: () => Promise.reject(new NanopeerError('NETWORK', 'A file of nanopeer did not load.')),
}))

test('two files that do not load are one error', async () => {
  const unhandled: unknown[] = []
  const hear = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', hear)
  onTestFinished(() => void process.off('unhandledRejection', hear))
  await expect(loadPairing(createTestNetwork().transport)).rejects.toMatchObject({ code: 'NETWORK' })
  await turns()
  expect(unhandled).toEqual([])
})
