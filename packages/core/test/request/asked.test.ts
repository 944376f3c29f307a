import { afterEach, expect, test, vi } from 'vitest'
import { createRequestViews } from '../../src/adapter'
import { encodeKey } from '../../src/codec/write'
import { rememberAsked } from '../../src/request/asked'
import { createPair } from '../support/pair'

vi.mock('../../src/codec/write', { spy: true })

const encoded = () => vi.mocked(encodeKey).mock.calls.length

afterEach(() => {
  vi.mocked(encodeKey).mockClear()
})

test('a mount encodes its input once for its key, whatever the number of renders', async () => {
  const { connection } = await createPair((device) => void device.handle('list', () => 'files'))
  const { view } = createRequestViews()
  const input = () => ({ path: '/', filters: [{ name: 'a' }], bytes: new Uint8Array(3) })
  const bytes = new Uint8Array(3)
  const $view = view(connection, 'list', { ...input(), bytes })
  for (let render = 0; render < 5; render++) {
    expect(view(connection, 'list', { ...input(), bytes })).toBe($view)
  }
  const leave = $view.listen(() => {})
  await expect.poll(() => $view.value.status).toBe('success')
  await $view.value.refetch()
  leave()
  expect(encoded()).toBe(1)
})

test('an input that says the same is not encoded again, and one that says something else is', () => {
  const ask = rememberAsked()
  const first = ask('list', { path: '/', depth: [1, 2] })
  expect(ask('list', { path: '/', depth: [1, 2] })).toBe(first)
  expect(encoded()).toBe(1)
  for (const other of [
    { path: '/' },
    { path: '/', depth: [1] },
    { path: '/', depth: { 0: 1 } },
    null,
    'text',
  ]) {
    expect(ask('list', other).key).not.toBe(first.key)
  }
})

test('whoever changes an input afterwards changes nothing of what was asked', () => {
  const ask = rememberAsked()
  const input = { filters: ['a'] }
  const first = ask('list', input)
  input.filters.push('b')
  expect(first.input).toEqual({ filters: ['a'] })
  const second = ask('list', input)
  expect(second.input).toEqual({ filters: ['a', 'b'] })
  expect(second.key).not.toBe(first.key)
})

test('an input without an end has a key, too', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(rememberAsked()('list', circle).key).toContain('list')
})

test('an input that contains itself in many ways is read once, and not copied', () => {
  let reads = 0
  const files: unknown[] = []
  const folder = {
    get age() {
      // Whoever walks all its ways never comes to an end.
      if (++reads > 1000) throw new Error('read without an end')
      return 1
    },
    files,
  }
  files.push({ folder }, { folder })
  const ask = rememberAsked()
  const first = ask('list', folder)
  expect(first.key).toContain('contains itself')
  expect(ask('list', folder)).toEqual(first)
})
