import type { Identity } from '../../base/identity'
import { keyOf } from './key'
import { algorithm } from './signature'

/** The identity of a key pair, whose public half can be exported. */
export const createIdentity = async (
  { publicKey, privateKey }: CryptoKeyPair,
  rest: Pick<Identity, 'created' | 'error'> & Partial<Pick<Identity, 'predecessors'>>,
): Promise<Identity> => {
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
  const { created, error, predecessors = [] } = rest
  return Object.freeze<Identity>({
    key: await keyOf(point),
    publicKey: point,
    predecessors,
    kept: error === null,
    created,
    error,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, message)),
  })
}
