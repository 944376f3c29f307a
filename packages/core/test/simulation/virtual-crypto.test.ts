import { beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../support/virtual-clock'
import { VirtualCrypto } from '../support/virtual-crypto'
import { Random } from './random'

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const
const ecdsa = { name: 'ECDSA', hash: 'SHA-256' } as const
const real = crypto.subtle
const message = new TextEncoder().encode('a message')

let clock: VirtualClock
let virtual: VirtualCrypto['subtle']

beforeEach(() => {
  clock = new VirtualClock()
  virtual = new VirtualCrypto(clock, new Random(1), 50).subtle
})

const changed = (bytes: ArrayBuffer): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(bytes)
  copy[40] = (copy[40] as number) ^ 1
  return copy
}

test('WebCrypto takes the signatures of the virtual one, which takes neither changed ones nor those of another key', async () => {
  for (let pair = 0; pair < 3; pair++) {
    const { publicKey, privateKey } = await clock.settled(virtual.generateKey())
    const other = await clock.settled(virtual.generateKey())
    const point = await clock.settled(virtual.exportKey('raw', publicKey))
    const key = await real.importKey('raw', point, curve, false, ['verify'])
    for (let count = 0; count < 100; count++) {
      const text = new TextEncoder().encode(`message ${count}`)
      const signature = await clock.settled(virtual.sign(ecdsa, privateKey, text))
      expect(signature.byteLength).toBe(64)
      expect(await real.verify(ecdsa, key, signature, text)).toBe(true)
      const judge = (by: typeof publicKey, what: Uint8Array, over: Uint8Array) =>
        clock.settled(virtual.verify(ecdsa, by, what, over))
      expect(await judge(publicKey, new Uint8Array(signature), text)).toBe(true)
      expect(await judge(publicKey, changed(signature), text)).toBe(false)
      expect(await judge(publicKey, new Uint8Array(signature), message)).toBe(false)
      expect(await judge(other.publicKey, new Uint8Array(signature), text)).toBe(false)
    }
  }
})

test("the virtual WebCrypto takes the real one's signatures, and no key that is no point of the curve", async () => {
  const { publicKey, privateKey } = await real.generateKey(curve, true, ['sign', 'verify'])
  const point = await real.exportKey('raw', publicKey)
  const key = await clock.settled(virtual.importKey('raw', new Uint8Array(point), curve))
  const signature = await real.sign(ecdsa, privateKey, message)
  expect(await clock.settled(virtual.verify(ecdsa, key, new Uint8Array(signature), message))).toBe(true)
  expect(await clock.settled(virtual.verify(ecdsa, key, changed(signature), message))).toBe(false)
  await expect(clock.settled(virtual.importKey('raw', changed(point), curve))).rejects.toThrow()
})

test('what one of the two WebCryptos encrypts the other decrypts, unless it was changed', async () => {
  const bytes = new Uint8Array(32).fill(7)
  const cipher = { name: 'AES-GCM', iv: new Uint8Array(12) } as const
  const realKey = await real.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const key = await clock.settled(virtual.importKey('raw', bytes, 'AES-GCM'))
  const long = new Uint8Array(100).fill(3)
  const sealed = await clock.settled(virtual.encrypt(cipher, key, long))
  expect(new Uint8Array(await real.decrypt(cipher, realKey, sealed))).toEqual(long)
  const theirs = await real.encrypt(cipher, realKey, long)
  const opened = await clock.settled(virtual.decrypt(cipher, key, new Uint8Array(theirs)))
  expect(new Uint8Array(opened)).toEqual(long)
  await expect(clock.settled(virtual.decrypt(cipher, key, changed(theirs)))).rejects.toThrow()
})

test('an answer of the virtual WebCrypto comes when its clock says so', async () => {
  let digest: ArrayBuffer | null = null
  void virtual.digest('SHA-256', message).then((bytes) => {
    digest = bytes
  })
  await clock.settle()
  expect(digest).toBe(null)
  await clock.advance(50)
  expect(digest).toEqual(await real.digest('SHA-256', message))
})
