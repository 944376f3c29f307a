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
  readonly issuer?: string | string[] | undefined
  /** What `aud` must name. @default not looked at */
  readonly audience?: string | string[] | undefined
  /** Signatures that count. @default the asymmetric ones: RS256, PS256, ES256, ES384, EdDSA */
  readonly algorithms?: string[] | undefined
  /** The claim that says which id, or list of ids, the token is for. @default 'sub' */
  readonly idClaim?: string | undefined
  /**
   * Seconds after its `iat` in which a token can be used to register. It stands in a URL, which ends up in logs, so that
   * it has to be worthless soon; how long the client may stay is said by `exp`. Clocks may be 10 s apart. @default 60
   */
  readonly maxAge?: number | undefined
}

/** The codes of errors that say that the keys could not be had: not fetched, or none where they should be. */
const unfetched = new Set([errors.JOSEError.code, errors.JWKSTimeout.code, errors.JWKSInvalid.code])

/** How far apart the clocks of whoever issues tokens and of this machine may be, in s. */
const clockTolerance = 10

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
  const verification = {
    issuer,
    audience,
    algorithms,
    maxTokenAge: maxAge,
    clockTolerance,
    requiredClaims: ['exp', 'sub'],
  }

  return async ({ id, token, purpose }) => {
    if (purpose === 'pair') return true
    try {
      const { payload } = await jwtVerify(token, keys, verification)
      const expiresAt = Number(payload.exp) * 1000
      // The tolerance is for the beginning: whose time is over would be disconnected at once.
      if (expiresAt <= Date.now() || !isFor(payload[idClaim], id)) return false
      return { owner: ownerOf(payload), expiresAt }
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
