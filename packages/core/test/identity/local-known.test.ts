import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { localKnown } from '../../src/identity/local-known'

const key = `${'A'.repeat(51)}Q`
const otherKey = `${'B'.repeat(51)}Q`

afterEach(() => vi.unstubAllGlobals())

const stubStorage = (capacity = Number.POSITIVE_INFINITY) => {
  const held = new Map<string, string>()
  const storage = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem(name: string, text: string) {
      if (text.length > capacity) throw new DOMException('Full.', 'QuotaExceededError')
      held.set(name, text)
    },
  }
  vi.stubGlobal('localStorage', storage)
  return storage
}

describe('the remotes that an origin knows', () => {
  beforeEach(() => {
    stubStorage()
  })

  test('are learned, changed, listed and forgotten', async () => {
    const known = localKnown()
    expect(await known.get('nas')).toBe(undefined)
    await known.set('nas', key)
    await known.set('camera', otherKey)
    await known.set('nas', otherKey)
    expect(await known.get('nas')).toBe(otherKey)
    expect(await known.list()).toEqual([
      { id: 'nas', key: otherKey },
      { id: 'camera', key: otherKey },
    ])
    await known.delete('nas')
    expect(await known.get('nas')).toBe(undefined)
  })

  test('are the same in another tab, and others under another name', async () => {
    await localKnown().set('nas', key)
    expect(await localKnown().get('nas')).toBe(key)
    expect(await localKnown('others').get('nas')).toBe(undefined)
  })

  test('are not made up from the names that every object has', async () => {
    expect(await localKnown().get('constructor')).toBe(undefined)
    expect(await localKnown().get('__proto__')).toBe(undefined)
  })

  test('are known by keys and nothing else', () => {
    expect(() => localKnown().set('nas', key.toLowerCase())).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    )
  })

  test.each(['', 'nonsense', 'null', '{"nas":"short"}', '{"nas":{}}'])(
    'are not taken for strangers where storage says %j',
    (text) => {
      stubStorage().setItem('nanopeer:known', text)
      expect(() => localKnown().get('nas')).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }))
    },
  )
})

test('a page without storage, or with a full one, is told so', () => {
  expect(() => localKnown().get('nas')).toThrowError(expect.objectContaining({ code: 'UNSUPPORTED' }))
  stubStorage(10)
  expect(() => localKnown().set('nas', key)).toThrowError(expect.objectContaining({ code: 'UNSUPPORTED' }))
})
