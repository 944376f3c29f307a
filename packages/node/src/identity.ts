import { type Identity, NanopeerError } from '@nanopeer/core'
import { generateKeyPair, succeed } from '@nanopeer/core/engine'
import { parseIdentity, stringifyIdentity } from './identity-file'
import { createPrivate, readPrivate, replacePrivate } from './private-file'

/**
 * This device's identity, from a file that is made on first use: for its owner alone (mode 0600). On Windows the access list
 * of its folder protects it, so choose one that only this user may read.
 *
 * Rejects with `INVALID_INPUT` where the file holds something else, and with what the file system says.
 *
 * @example
 * const peer = createPeer('nas', { identity: loadIdentity('/var/lib/nas/identity.json') })
 */
export const loadIdentity = async (path: string): Promise<Identity> => {
  const kept = await readPrivate(path)
  if (kept !== null) return parseIdentity(kept, path, false)
  const { privateKey } = await generateKeyPair(true)
  const text = await stringifyIdentity(privateKey, [])
  if (await createPrivate(path, text)) return parseIdentity(text, path, true)
  // Another process was first.
  return parseIdentity(await read(path), path, false)
}

/**
 * The whole identity as a text, for {@link restoreIdentity}. Whoever has it is this device: keep it where secrets are kept.
 *
 * Rejects with `INVALID_INPUT` where the file is missing, or holds something else.
 */
export const backupIdentity = async (path: string): Promise<string> => {
  const text = await read(path)
  await parseIdentity(text, path, false)
  return text
}

/**
 * Writes what {@link backupIdentity} gave to a file that is not there yet.
 *
 * Rejects with `INVALID_INPUT` for any other text, and where there is a file: an identity is never overwritten.
 */
export const restoreIdentity = async (path: string, backup: string): Promise<Identity> => {
  const identity = await parseIdentity(backup, 'this backup', false)
  if (await createPrivate(path, backup)) return identity
  throw new NanopeerError(
    'INVALID_INPUT',
    `${path} is there already. Move it away before you restore another.`,
  )
}

/**
 * Replaces the key by a new one, which the old one signs: whoever knows the old takes the new instead, and remembers it. Use
 * it from the next start on. For a key that somebody may have copied it is no cure: he could do the same, so have that one
 * revoked wherever it is known.
 *
 * Rejects as {@link backupIdentity} does.
 */
export const rotateIdentity = async (path: string): Promise<Identity> => {
  const old = await parseIdentity(await read(path), path, false)
  const pair = await generateKeyPair(true)
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const text = await stringifyIdentity(pair.privateKey, await succeed(old, point))
  await replacePrivate(path, text)
  return parseIdentity(text, path, true)
}

const read = async (path: string): Promise<string> => {
  const text = await readPrivate(path)
  if (text !== null) return text
  throw new NanopeerError('INVALID_INPUT', `There is no identity in ${path}; loadIdentity() makes one.`)
}
