import { v5 as hash } from 'uuid'
import type { Link } from '../../base/transport'
import type { Session } from '../session/session'
import type { Hello } from '../wire/hello'

export type Role = 'dialler' | 'accepter'

/** The certificates in use at both ends of a link: what is bound to them means nothing on any other link. */
export type Fingerprints = Readonly<Record<Role, Uint8Array>>

/**
 * Both, as both ends see them; null where they cannot be known for certain and nobody insists.
 *
 * @throws `NanopeerError` `UNSUPPORTED` where somebody does.
 */
export const fingerprintsOf = async (
  link: Pick<Link, 'fingerprints'>,
  weAre: Role,
  isNeeded: boolean,
): Promise<Fingerprints | null> => {
  try {
    const { local, remote } = await link.fingerprints()
    return weAre === 'dialler' ? { dialler: local, accepter: remote } : { dialler: remote, accepter: local }
  } catch (error) {
    if (isNeeded) throw error
    return null
  }
}

/** Sets these hashes apart from all others. */
const namespace = '8f0c6f2e-6c0b-4f3a-9d3c-2b1f9a4f7e15'

/**
 * Shows that a HELLO's sender holds a resume token without telling it: whoever answers a dial is not yet known to be whom it
 * was meant for, and could otherwise take the session over with what it was shown. A name-based UUID (RFC 9562 §5.5: SHA-1)
 * of what nobody else knows: synchronous, and there on insecure origins, where WebCrypto is not.
 */
export const proofOf = (
  token: string,
  { from, link }: Pick<Hello, 'from' | 'link'>,
  role: Role,
  { dialler, accepter }: Fingerprints,
): string => hash(JSON.stringify([token, role, [...dialler], [...accepter], from, link]), namespace)

/** Whether the HELLO of the side with this role shows that it holds a token of this session. */
export const isHolder = (session: Session, hello: Hello, role: Role, prints: Fingerprints | null): boolean =>
  session.tokens.accept(hello.proof, (token) => prints && proofOf(token, hello, role, prints))
