import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { Authorize } from './authorize'

/** Options of {@link jwtAuthorize}. */
export interface JwtAuthorizeOptions {
  /** The keys of whoever issues tokens: the address of its JWKS, or the JWKS itself. */
  readonly jwks: string | URL | JSONWebKeySet
  /** What `iss` must be. @default not looked at */
  readonly issuer?: string | string[]
  /** What `aud` must name. @default not looked at */
  readonly audience?: string | string[]
  /** Signatures that count. @default the asymmetric ones: RS256, PS256, ES256, ES384, EdDSA */
  readonly algorithms?: string[]
  /** The claim that says which id, or list of ids, the token is for. @default 'sub' */
  readonly idClaim?: string
  /**
   * Seconds after its `iat` in which a token can be used to register. It stands in a URL, which ends up in logs, so that
   * it has to be worthless soon; how long the client may stay is said by `exp`. @default 60
   */
  readonly maxAge?: number
}

/** The codes of errors that say that the keys could not be fetched. */
const unfetched = new Set([errors.JOSEError.code, errors.JWKSTimeout.code])

const asymmetric = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']

/**
 * Admits clients whose token is a JWT for the id that they want. They are disconnected when the token ends (`exp`), and
 * are the owner that `iss` and `sub` name: a new token of the same user takes the id over. Rendezvous ids for pairing are
 * admitted with any token, since who pairs has none yet; set the server's `pairing` to false to refuse them.
 *
 * @example
 * const login = 'https://login.example'
 * const authorize = jwtAuthorize({ jwks: `${login}/.well-known/jwks.json`, issuer: login })
 */
export const jwtAuthorize = (options: JwtAuthorizeOptions): Authorize => {
  const { issuer, audience, algorithms = asymmetric, idClaim = 'sub', maxAge = 60 } = options
  const keys = keysOf(options.jwks)
  const verification = { issuer, audience, algorithms, maxTokenAge: maxAge, requiredClaims: ['exp', 'sub'] }

  return async ({ id, token, purpose }) => {
    if (purpose === 'pair') return true
    try {
      const { payload } = await jwtVerify(token, keys, verification)
      if (!isFor(payload[idClaim], id)) return false
      return { owner: ownerOf(payload), expiresAt: Number(payload.exp) * 1000 }
    } catch (error) {
      // Whatever is wrong with a token is its bearer's affair; that the keys cannot be had is ours.
      if (error instanceof errors.JOSEError && !unfetched.has(error.code)) return false
      throw error
    }
  }
}

const keysOf = (jwks: JwtAuthorizeOptions['jwks']): JWTVerifyGetKey => {
  if (typeof jwks === 'string' || jwks instanceof URL) return createRemoteJWKSet(new URL(jwks))
  return createLocalJWKSet(jwks)
}

const isFor = (claim: unknown, id: string): boolean =>
  claim === id || (Array.isArray(claim) && claim.includes(id))

const ownerOf = ({ iss, sub }: JWTPayload): string => JSON.stringify([iss ?? null, sub])
