import { createHash } from 'node:crypto'

/** Who asks to be registered. */
export interface AuthorizeRequest {
  /** The id that the client wants. */
  readonly id: string
  /** What it gave as its token: any text; PeerJS makes a random one. Never log it. */
  readonly token: string
  /** The page's origin, undefined for programs. Programs can claim any. */
  readonly origin: string | undefined
  /** The client's IP address, see `trustProxy`. */
  readonly address: string
  /** `pair` for one of the reserved ids that two devices meet at to pair; those live for two minutes. */
  readonly purpose: 'register' | 'pair'
}

/** What {@link Authorize} answers. */
export type Authorization =
  | boolean
  | {
      /**
       * Whose id it is: the same owner may take it over at once, from another device as well, and nobody else while it
       * is held. With `true` it is whoever shows the same token.
       */
      readonly owner: string
      /** When the client is disconnected, in ms since 1970. @default never */
      readonly expiresAt?: number | undefined
    }

/**
 * Says who may register which id. Where it throws, takes over 5 s or answers anything else than an {@link Authorization}, the
 * client is refused.
 *
 * @example
 * const authorize: Authorize = async ({ id, token }) => (await users.ownerOf(id)) === (await users.of(token))
 */
export type Authorize = (request: AuthorizeRequest) => Authorization | Promise<Authorization>

/**
 * Ids that begin with this are where two devices meet to pair: each of them registers one beside its own id, for two minutes
 * at most. They can be reached from such ids only, and reach nobody else: whoever needs no token for them can use them for
 * nothing else.
 */
export const pairingPrefix = 'nanopeer-pair-'

/** Whether an id is one at which devices meet to pair. */
export const isPairingId = (id: string): boolean => id.startsWith(pairingPrefix)

/**
 * Whether this is an answer that `authorize` may give. Whatever else it gives would admit somebody whom it did not mean to: a
 * row that was not found, a count of 0, an owner that nobody has set.
 */
export const isAuthorization = (answer: unknown): answer is Authorization => {
  if (typeof answer === 'boolean') return true
  if (typeof answer !== 'object' || answer === null) return false
  const { owner, expiresAt } = answer as Record<string, unknown>
  const isOwner = typeof owner === 'string' && owner !== ''
  // NaN is never over.
  const isTime = expiresAt === undefined || (typeof expiresAt === 'number' && !Number.isNaN(expiresAt))
  return isOwner && isTime
}

/** How a claim names an owner: a hash, so that no token is kept in Redis, where others may read. */
export const ownerOf = (authorization: Exclude<Authorization, false>, token: string): string => {
  const named = authorization === true ? `token:${token}` : `owner:${authorization.owner}`
  return createHash('sha256').update(named).digest('base64url')
}
