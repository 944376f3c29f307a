import { type Identity, NanopeerError, type Predecessor } from '@nanopeer/core'
import { createIdentity } from '@nanopeer/core/engine'

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** What an identity's file says: JSON with binary fields in base64. */
interface Contents {
  readonly nanopeer: 'identity'
  /** PKCS #8. */
  readonly privateKey: string
  readonly predecessors: readonly { readonly publicKey: string; readonly signature: string }[]
}

export const stringifyIdentity = async (
  privateKey: CryptoKey,
  predecessors: readonly Predecessor[],
): Promise<string> => {
  const contents: Contents = {
    nanopeer: 'identity',
    privateKey: toBase64(new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))),
    predecessors: predecessors.map(({ publicKey, signature }) => ({
      publicKey: toBase64(publicKey),
      signature: toBase64(signature),
    })),
  }
  return `${JSON.stringify(contents, null, 2)}\n`
}

/**
 * The identity that such a text holds.
 *
 * @param where it comes from, for the message
 * @throws `NanopeerError` `INVALID_INPUT` for any other text.
 */
export const parseIdentity = async (text: string, where: string, created: boolean): Promise<Identity> => {
  try {
    const { nanopeer, privateKey, predecessors } = JSON.parse(text) as Contents
    if (nanopeer !== 'identity') throw new TypeError('It is of another kind.')
    const pair = await importPair(fromBase64(privateKey))
    return await createIdentity(pair, {
      created,
      error: null,
      predecessors: predecessors.map(({ publicKey, signature }) => ({
        publicKey: fromBase64(publicKey),
        signature: fromBase64(signature),
      })),
    })
  } catch (cause) {
    const message = `What is in ${where} is no identity, or not all of one. Restore it from a backup, or delete it to get a new one.`
    throw new NanopeerError('INVALID_INPUT', message, { cause })
  }
}

const importPair = async (pkcs8: Uint8Array<ArrayBuffer>): Promise<CryptoKeyPair> => {
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, curve, true, ['sign'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', readable)
  const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, curve, true, ['verify'])
  // Only its file shows the private key.
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, curve, false, ['sign'])
  return { publicKey, privateKey }
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'))
