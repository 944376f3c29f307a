import { NanopeerError } from '../../base/errors'
import { isId } from '../../base/id'
import { type Identity, isKey } from '../../base/identity'
import type { KnownRemote } from '../../base/known'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'
import { keyOf } from '../identity/key'
import { signParts, verifySignature } from '../identity/signature'
import type { Spake2Role } from './spake2'

/** What a card is about. */
interface Occasion {
  /** Whose card it is. */
  readonly role: Spake2Role
  readonly exchangeId: Uint8Array
}

const partsOf = ({ role, exchangeId }: Occasion, id: string, publicKey: Uint8Array) =>
  ['nanopeer/2 pair', role, exchangeId, id, publicKey] as const

/** Who we are, for the other side of a confirmed exchange: id, public key, and a signature that shows it to be ours. */
export const createCard = async (
  id: string,
  identity: Identity,
  occasion: Occasion,
): Promise<Uint8Array<ArrayBuffer>> => {
  const signature = await signParts(identity, partsOf(occasion, id, identity.publicKey))
  return encodeValue([id, identity.publicKey, signature], 'INVALID_INPUT')
}

/**
 * Who the other side is.
 *
 * @throws `NanopeerError` `PROTOCOL` for what is no card, or not its sender's.
 */
export const readCard = async (card: Uint8Array, occasion: Occasion): Promise<KnownRemote> => {
  const fields = decodeValue(card)
  const [id, publicKey, signature] = Array.isArray(fields) ? (fields as unknown[]) : []
  const isWhole = isId(id) && publicKey instanceof Uint8Array && signature instanceof Uint8Array
  if (!isWhole || !(await verifySignature(publicKey, partsOf(occasion, id, publicKey), signature))) {
    throw new NanopeerError('PROTOCOL', 'The remote could not show who it is.')
  }
  const key = await keyOf(new Uint8Array(publicKey))
  if (isKey(id) && id !== key) {
    throw new NanopeerError('PROTOCOL', `The remote calls itself by a key, “${id}”, that is not its own.`)
  }
  return { id, key }
}
