import { type Authorization, isPairingId, ownerOf } from '../authorize'
import { withDeadline } from '../deadline'
import { createRate } from '../http/rate'
import type { ResolvedOptions } from '../options'
import { isId } from '../protocol/messages'
import { type Rejection, rejections } from './rejection'
import type { Visitor } from './visitor'

/** How long `authorize` may take, in ms. */
const authorizePatience = 5_000
/** How long one rendezvous of two devices may take, in ms. */
const pairingTime = 120_000

/** In whose name a visitor claims its id, and until when. */
export interface Admission {
  readonly owner: string
  readonly expiresAt: number
}

/** Says who may claim what they ask for. Does not reject. */
export type Admit = (visitor: Visitor) => Promise<Admission | Rejection>

export const createAdmit = (options: ResolvedOptions): Admit => {
  const { key, pairing, authorize, logger, limits } = options
  const pairings = createRate(limits.pairingsPerMinute, 60)

  const ask = async ({ id, token, origin, address }: Visitor, isPairing: boolean): Promise<Authorization> => {
    try {
      const purpose = isPairing ? 'pair' : 'register'
      const asked = Promise.resolve(authorize({ id, token, origin, address, purpose }))
      return await withDeadline(asked, authorizePatience, 'authorize()')
    } catch (error) {
      logger.error({ error, id, address }, 'authorize() failed, so the client is refused')
      return false
    }
  }

  return async (visitor) => {
    const { id, token, address } = visitor
    if (!id || !token || !visitor.key) return rejections.parameters
    if (visitor.key !== key) return rejections.key
    if (!isId(id)) return rejections.id
    const isPairing = isPairingId(id)
    if (isPairing && !pairing) return rejections.noPairing
    if (isPairing && !(await pairings.admits(address))) return rejections.tooManyPairings
    const authorization = await ask(visitor, isPairing)
    if (authorization === false) return rejections.unauthorized
    const { expiresAt = Number.POSITIVE_INFINITY } = authorization === true ? {} : authorization
    return {
      owner: ownerOf(authorization, token),
      expiresAt: isPairing ? Math.min(expiresAt, Date.now() + pairingTime) : expiresAt,
    }
  }
}
