import { createHash, createVerify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isKey } from '../../../src/base/identity'
import { encodeParts } from '../../../src/engine/handshake/parts'
import { createIdentity } from '../../../src/engine/identity/create'
import { formerKeys, maxPredecessors, succeed } from '../../../src/engine/identity/predecessors'
import { generateKeyPair, signParts, verifySignature } from '../../../src/engine/identity/signature'

const create = async () => createIdentity(await generateKeyPair(false), { created: true, error: null })

const parts = ['a label', new Uint8Array([1, 2, 3])] as const

describe('an identity', () => {
  test('has a key of 52 letters, which is the SHA-256 of its point in base32', async () => {
    const { key, publicKey } = await create()
    expect(publicKey.length).toBe(65)
    expect(publicKey[0]).toBe(4)
    expect(isKey(key)).toBe(true)
    const digits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter))
    const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
    const digest = createHash('sha256').update(publicKey).digest()
    expect(bits.slice(0, 256)).toBe([...digest].map((byte) => byte.toString(2).padStart(8, '0')).join(''))
    expect(bits.slice(256)).toBe('0000')
  })

  test('signs in a way that another implementation of ECDSA verifies', async () => {
    const identity = await create()
    const signature = await signParts(identity, parts)
    const [x, y] = [identity.publicKey.slice(1, 33), identity.publicKey.slice(33)].map((half) =>
      Buffer.from(half).toString('base64url'),
    )
    const key = { kty: 'EC', crv: 'P-256', x, y }
    const verify = createVerify('sha256').update(encodeParts(parts))
    expect(verify.verify({ key, format: 'jwk', dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
  })

  test('has 64 bytes of another signature each time', async () => {
    const identity = await create()
    const [one, other] = [await signParts(identity, parts), await signParts(identity, parts)]
    expect(one.length).toBe(64)
    expect(one).not.toEqual(other)
    expect(await verifySignature(identity.publicKey, parts, one)).toBe(true)
    expect(await verifySignature(identity.publicKey, parts, other)).toBe(true)
  })
})

describe('a signature is not taken', () => {
  test('under another label, for other bytes, of another key, or of another length', async () => {
    const [identity, other] = [await create(), await create()]
    const signature = await signParts(identity, parts)
    const { publicKey } = identity
    expect(await verifySignature(publicKey, ['another label', parts[1]], signature)).toBe(false)
    expect(await verifySignature(publicKey, ['a labe', 'l', parts[1]], signature)).toBe(false)
    expect(await verifySignature(other.publicKey, parts, signature)).toBe(false)
    expect(await verifySignature(publicKey, parts, signature.slice(0, 63))).toBe(false)
    expect(await verifySignature(publicKey, parts, new Uint8Array(64))).toBe(false)
  })

  test('for what is no point of the curve, or a point in another form', async () => {
    const identity = await create()
    const signature = await signParts(identity, parts)
    const off = identity.publicKey.slice()
    off[64] = (off[64] as number) ^ 1
    expect(await verifySignature(off, parts, signature)).toBe(false)
    const compressed = identity.publicKey.slice(0, 33)
    compressed[0] = 2 + ((identity.publicKey[64] as number) & 1)
    expect(await verifySignature(compressed, parts, signature)).toBe(false)
    expect(await verifySignature(new Uint8Array(65), parts, signature)).toBe(false)
  })
})

describe('a key that was replaced', () => {
  test('is told of by the one that it has signed, back to the fourth', async () => {
    let [identity, predecessors] = [await create(), [] as Awaited<ReturnType<typeof succeed>>]
    const keys: string[] = []
    for (let change = 0; change < maxPredecessors + 2; change++) {
      const next = await create()
      keys.unshift(identity.key)
      predecessors = await succeed({ ...identity, predecessors }, next.publicKey)
      identity = next
    }
    expect(await formerKeys(identity.publicKey, predecessors)).toEqual(keys.slice(0, maxPredecessors))
  })

  test('is not told of by one that it has not signed', async () => {
    const [old, heir, thief] = [await create(), await create(), await create()]
    const predecessors = await succeed(old, heir.publicKey)
    expect(await formerKeys(heir.publicKey, predecessors)).toEqual([old.key])
    expect(await formerKeys(thief.publicKey, predecessors)).toBe(null)
  })
})
