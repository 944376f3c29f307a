/** A browser's identities, in IndexedDB: it keeps a key that can sign and cannot be read. */
import { NanopeerError } from '../../base/errors'
import type { Identity } from '../../base/identity'
import { inTime } from '../../base/in-time'
import { createIdentity } from './create'
import { generateKeyPair } from './signature'

const databaseName = 'nanopeer'
const storeName = 'identities'

/**
 * The identity of this name; a new one, in memory, where the browser keeps none.
 *
 * @throws `NanopeerError` `TIMEOUT` where the browser does not say.
 */
export const loadFromDatabase = async (name: string): Promise<Identity> => {
  try {
    return await inTime('IndexedDB', () => loadOrAdd(name))
  } catch (cause) {
    // It may be slow: whoever is somebody else meanwhile is a stranger to all who know this device.
    if (cause instanceof NanopeerError) throw cause
    const message =
      'This browser keeps no key here (a private window, or blocked site data), so this identity ends with the page.'
    const error = new NanopeerError('UNSUPPORTED', message, { cause })
    return createIdentity(await generateKeyPair(false), { created: true, error })
  }
}

const loadOrAdd = async (name: string): Promise<Identity> => {
  const database = await open()
  try {
    const kept = await read(database, name)
    if (kept) return await createIdentity(kept, { created: false, error: null })
    // Made before the transaction, which would not wait for it; another tab may be as far.
    const pair = await generateKeyPair(false)
    const held = await addIfAbsent(database, name, pair)
    if (held === pair) askToPersist()
    return await createIdentity(held, { created: held === pair, error: null })
  } finally {
    database.close()
  }
}

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(databaseName, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  return resultOf(request)
}

const read = (database: IDBDatabase, name: string): Promise<CryptoKeyPair | undefined> =>
  resultOf(database.transaction(storeName).objectStore(storeName).get(name))

/** What is there when it is over: this pair, or that of another tab. */
const addIfAbsent = (database: IDBDatabase, name: string, pair: CryptoKeyPair): Promise<CryptoKeyPair> =>
  new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' })
    const store = transaction.objectStore(storeName)
    let held = pair
    const request: IDBRequest<CryptoKeyPair | undefined> = store.get(name)
    request.onsuccess = () => {
      held = request.result ?? pair
      try {
        if (held === pair) store.add(pair, name)
      } catch (error) {
        // This browser keeps no keys.
        transaction.abort()
        reject(error)
      }
    }
    transaction.oncomplete = () => resolve(held)
    transaction.onabort = () => reject(transaction.error)
  })

const resultOf = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** A browser that is short of room forgets other origins first. Whether it agrees changes nothing here. */
const askToPersist = (): void => {
  navigator.storage?.persist?.().catch(() => {})
}
