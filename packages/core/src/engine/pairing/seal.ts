import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { NanopeerError } from '../../base/errors'
import { encodeParts } from '../handshake/parts'
import type { Spake2Role } from './spake2'

const label = 'nanopeer/2 pair'
const nonceSize = 12

/** What the two sides of a confirmed exchange tell each other, and nobody else. */
export interface Seal {
  /** The same on both sides, new in every exchange; not secret. A signature over it is good for this exchange alone. */
  readonly exchangeId: Uint8Array
  /** Our next message, encrypted. */
  seal(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
  /**
   * Their next message.
   *
   * @throws `NanopeerError` `PROTOCOL` for one that is not theirs, not the next, or changed.
   */
  open(sealed: Uint8Array): Promise<Uint8Array>
}

/**
 * AES-256-GCM under a key for each direction, so that nothing can be reflected, and the count of its messages as their nonce, so that
 * nothing can be repeated or left out.
 *
 * @param key what SPAKE2 agreed on, confirmed
 * @param additional what was confirmed besides
 */
export const createSeal = async (
  key: Uint8Array,
  role: Spake2Role,
  additional: Uint8Array,
): Promise<Seal> => {
  const derive = (purpose: string) =>
    new Uint8Array(hkdf(sha256, key, undefined, encodeParts([label, purpose, additional]), 32))
  const keyFrom = (sender: Spake2Role) =>
    crypto.subtle.importKey('raw', derive(`from ${sender}`), 'AES-GCM', false, ['encrypt', 'decrypt'])
  const [outKey, inKey] = await Promise.all([keyFrom(role), keyFrom(role === 'A' ? 'B' : 'A')])
  let sent = 0
  let received = 0
  const cipher = (count: number) => {
    const iv = new Uint8Array(nonceSize)
    new DataView(iv.buffer).setUint32(nonceSize - 4, count)
    return { name: 'AES-GCM', iv }
  }
  return {
    exchangeId: derive('exchange'),
    seal: async (message) => new Uint8Array(await crypto.subtle.encrypt(cipher(sent++), outKey, message)),
    async open(sealed) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt(cipher(received++), inKey, new Uint8Array(sealed)))
      } catch (cause) {
        throw new NanopeerError('PROTOCOL', 'The remote sent a pairing step that cannot be opened.', {
          cause,
        })
      }
    },
  }
}
