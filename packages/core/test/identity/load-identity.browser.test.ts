import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadFromDatabase } from '../../src/engine/identity/database'
import { signParts, verifySignature } from '../../src/engine/identity/signature'
import { loadIdentity } from '../../src/identity/load-identity'

afterEach(() => vi.unstubAllGlobals())

/** A name that no other test has. */
const newName = () => `identity ${names++}`
let names = Date.now()

const kept = (name: string): Promise<CryptoKeyPair> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('nanopeer')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const reading = opening.result.transaction('identities').objectStore('identities').get(name)
      reading.onsuccess = () => resolve(reading.result)
      opening.result.close()
    }
  })

describe('an identity in a browser', () => {
  test('is made on first use, and the same from then on', async () => {
    const name = newName()
    const first = await loadFromDatabase(name)
    expect(first).toMatchObject({ kept: true, created: true, error: null, predecessors: [] })
    const second = await loadFromDatabase(name)
    expect(second).toMatchObject({ key: first.key, kept: true, created: false })
    expect((await loadFromDatabase(newName())).key).not.toBe(first.key)
  })

  test('signs with a key that nobody can read', async () => {
    const name = newName()
    const identity = await loadFromDatabase(name)
    const { privateKey } = await kept(name)
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow()
    const signature = await signParts(identity, ['a label'])
    expect(await verifySignature(identity.publicKey, ['a label'], signature)).toBe(true)
  })

  test('is one where several tabs make it at once', async () => {
    const name = newName()
    const all = await Promise.all(Array.from({ length: 8 }, () => loadFromDatabase(name)))
    expect(new Set(all.map(({ key }) => key)).size).toBe(1)
    expect(all.filter(({ created }) => created)).toHaveLength(1)
  })

  test('is one object for all who ask for it in a page', async () => {
    const name = newName()
    expect(loadIdentity(name)).toBe(loadIdentity(name))
    expect(await loadIdentity(name)).toBe(await loadIdentity(name))
  })

  test.each([
    ['has no IndexedDB', undefined],
    [
      'opens no database',
      {
        open() {
          const request = new EventTarget() as IDBOpenDBRequest
          queueMicrotask(() => request.onerror?.(new Event('error')))
          return request
        },
      },
    ],
  ])('is in memory where the browser %s, and says so', async (_, indexedDB) => {
    vi.stubGlobal('indexedDB', indexedDB)
    const name = newName()
    const identity = await loadIdentity(name)
    expect(identity).toMatchObject({ kept: false, created: true, error: { code: 'UNSUPPORTED' } })
    expect(await loadIdentity(name)).toBe(identity)
    expect((await identity.sign(new Uint8Array(1))).length).toBe(64)
  })

  test('is in memory where the browser stores no keys', async () => {
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('Not cloned.', 'DataCloneError')
    })
    const identity = await loadFromDatabase(newName())
    expect(identity).toMatchObject({ kept: false, created: true })
    expect(identity.error?.cause).toMatchObject({ name: 'DataCloneError' })
    add.mockRestore()
  })

  test('is nobody while the browser does not answer: a new one would be a stranger. The next call asks again', async () => {
    const name = newName()
    vi.useFakeTimers()
    vi.stubGlobal('indexedDB', { open: () => new EventTarget() })
    const asked = loadIdentity(name).catch((error: unknown) => error)
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1), 10_000)
    vi.advanceTimersByTime(10_000)
    expect(await asked).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/IndexedDB did not answer/),
    })
    vi.useRealTimers()
    vi.unstubAllGlobals()
    expect(await loadIdentity(name)).toMatchObject({ kept: true, created: true })
  })

  test('is a new one where site data is cleared in the middle of loading it', async () => {
    const name = newName()
    const before = await loadFromDatabase(name)
    const loading = loadFromDatabase(name)
    const cleared = new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('nanopeer')
      deleting.onsuccess = resolve
      deleting.onerror = reject
    })
    // Either was first: what counts is that both come to an end, and that keys are kept afterwards.
    expect((await loading).error).toBe(null)
    await cleared
    const after = await loadFromDatabase(name)
    expect(after).toMatchObject({ kept: true, created: true })
    expect(after.key).not.toBe(before.key)
    expect((await loadFromDatabase(name)).key).toBe(after.key)
  })

  test('is refused on an insecure origin', async () => {
    vi.stubGlobal('crypto', { getRandomValues: () => {} })
    await expect(loadIdentity(newName())).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})
