import { describe, expect, test } from 'vitest'
import { generateSecret } from '../../src/base/secret'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork } from '../../testing'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What a peer says to a secret; null where it takes it. */
const refusalOf = (secret: string): unknown => {
  try {
    void createPeer('nas', { secret, transport: createTestNetwork().transport }).destroy()
    return null
  } catch (error) {
    return error
  }
}

describe('secrets', () => {
  test('a generated secret has 160 bits and a checksum, in letters that fit a URL and a QR code', () => {
    const secrets = Array.from({ length: 2000 }, generateSecret)
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{36}$/)
    expect(new Set(secrets).size).toBe(secrets.length)
    const counts = new Map<string, number>()
    for (const letter of secrets.map((secret) => secret.slice(0, 32)).join('')) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    // 2000 of each are expected; 5 standard deviations are 220.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(250)
    for (const secret of secrets) expect(refusalOf(secret)).toBe(null)
  })

  test('the checksum is the first 20 bits of the CRC-32 that zip uses', () => {
    // crc32(alphabet) >>> 12 of zlib, as base32.
    expect(refusalOf(`${alphabet}H7RS`)).toBe(null)
  })

  test.each([
    '',
    'secret',
    'correct horse battery staple',
    '+49 170 1234567 +49 170 7654321 1234',
    'passwordpasswordpasswordpasswordpassword',
    '12345678901234567890123456789012345678901234567890',
    'a'.repeat(1000),
    '550e8400-e29b-41d4-a716-446655440000',
    '00112233445566778899aabbccddeeff00112233',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCD',
    'CORRECTHORSEBATTERYSTAPLECORRECTHORS',
  ])('a secret that generateSecret() did not make is refused, wherever it is given: %j', (secret) => {
    const refusal = expect.objectContaining({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('generateSecret'),
    })
    expect(refusalOf(secret)).toEqual(refusal)
    const peer = createPeer('laptop', { transport: createTestNetwork().transport })
    expect(() => peer.connect('nas', { secret })).toThrow(refusal)
    return peer.destroy()
  })

  test('a secret of release 0.1 is refused by its name', () => {
    const message = expect.stringContaining('nanopeer 0.1')
    expect(refusalOf('MXK2Q7A5ZJ3WBN6T4RYHDCUFLE2SPGVO')).toMatchObject({ code: 'INVALID_INPUT', message })
  })

  test('every single mistyped letter is noticed, and every two that changed places', () => {
    const secret = generateSecret()
    for (let at = 0; at < secret.length; at++) {
      for (const letter of alphabet) {
        if (letter === secret[at]) continue
        expect(refusalOf(secret.slice(0, at) + letter + secret.slice(at + 1))).not.toBe(null)
      }
      const [first, second] = [secret[at], secret[at + 1]]
      if (second === undefined || first === second) continue
      expect(refusalOf(secret.slice(0, at) + second + first + secret.slice(at + 2))).not.toBe(null)
    }
  })
})
