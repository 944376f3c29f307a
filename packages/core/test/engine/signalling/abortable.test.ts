import { expect, onTestFinished, test } from 'vitest'
import { abortable } from '../../../src/engine/signalling/abortable'

test('what nobody waits for any more rejects nowhere', async () => {
  const unhandled: unknown[] = []
  const keep = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', keep)
  onTestFinished(() => void process.off('unhandledRejection', keep))
  const signal = AbortSignal.abort(new Error('given up'))
  await expect(abortable(Promise.reject(new Error('late')), signal)).rejects.toThrow('given up')
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})
