import { expect, test } from 'vitest'
import { createLog } from '../device/log'

const textOf = async (lines: AsyncGenerator<{ text: string }, void>) => (await lines.next()).value?.text

test('a tail begins with the last lines and goes on with each new one', async () => {
  const log = createLog()
  for (const text of ['one', 'two', 'three']) log.info(text)
  const abort = new AbortController()
  const lines = log.tail(2, abort.signal)
  expect(await textOf(lines)).toBe('two')
  expect(await textOf(lines)).toBe('three')
  const next = textOf(lines)
  log.warning('four')
  expect(await next).toBe('four')
})

test('a tail ends when its reader gives up, even while it waits', async () => {
  const abort = new AbortController()
  const lines = createLog().tail(10, abort.signal)
  const next = lines.next()
  abort.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})

test('a reader that falls behind skips what is no longer kept', async () => {
  const log = createLog({ keep: 2 })
  const lines = log.tail(10, new AbortController().signal)
  log.info('one')
  expect(await textOf(lines)).toBe('one')
  for (const text of ['two', 'three', 'four']) log.info(text)
  expect(await textOf(lines)).toBe('three')
  expect(await textOf(lines)).toBe('four')
})

test('two readers each get every line', async () => {
  const log = createLog()
  const tails = [1, 2].map(() => log.tail(0, new AbortController().signal))
  const lines = tails.map(textOf)
  log.info('for both')
  expect(await Promise.all(lines)).toEqual(['for both', 'for both'])
})

test.each([Number.NaN, -5, Number.POSITIVE_INFINITY, '3', undefined])(
  'asking for %s lines does no harm',
  async (lines) => {
    const log = createLog()
    log.info('old')
    const abort = new AbortController()
    const tail = log.tail(lines as number, abort.signal)
    const first = tail.next()
    log.info('new')
    expect(['old', 'new']).toContain((await first).value?.text)
    abort.abort()
  },
)
