import { type Authorization, isAuthorization, isPairingId, ownerOf } from '../authorize'
import { withDeadline } from '../deadline'
import { addressGroup } from '../http/client-address'
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
  let isReported = false

  /** Once: who answers like that answers like that to everybody. What it was stays unsaid, as it may be a secret. */
  const report = (answer: unknown) => {
    if (isReported) return
    isReported = true
    const answered = answer === null ? 'null' : typeof answer
    logger.error(
      { answered },
      'authorize() has to answer true, false or { owner, expiresAt? } with an owner that is a text and not empty; ' +
        'whoever it answers something else for is refused',
    )
  }

  const ask = async ({ id, token, origin, address }: Visitor, isPairing: boolean): Promise<Authorization> => {
    try {
      const purpose = isPairing ? 'pair' : 'register'
      const asked = Promise.resolve<unknown>(authorize({ id, token, origin, address, purpose }))
      const answer = await withDeadline(asked, authorizePatience, 'authorize()')
      if (isAuthorization(answer)) return answer
      report(answer)
      return false
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
    if (isPairing && !(await pairings.admits(addressGroup(address)))) return rejections.tooManyPairings
    const authorization = await ask(visitor, isPairing)
    if (authorization === false) return rejections.unauthorized
    const { expiresAt = Number.POSITIVE_INFINITY } = authorization === true ? {} : authorization
    return {
      owner: ownerOf(authorization, token),
      expiresAt: isPairing ? Math.min(expiresAt, Date.now() + pairingTime) : expiresAt,
    }
  }
}
