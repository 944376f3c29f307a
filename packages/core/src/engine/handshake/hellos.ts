import { v4 as uuid } from 'uuid'
import type { Session } from '../session/session'
import { maxFrameHead } from '../wire/frame'
import type { Hello } from '../wire/hello'
import { initialWindow, maxFrameSize, messageSizeOf, protocolVersion } from '../wire/limits'
import type { HandshakeChannel } from './channel'
import type { HandshakeOptions } from './options'
import { type Fingerprints, proofOf, type Role } from './token-proof'

/**
 * The HELLO of a session: who we are, and what shows that we have been here before.
 *
 * @param isProved our AUTH follows
 */
export const helloOf = (
  session: Session,
  channel: HandshakeChannel,
  options: HandshakeOptions,
  link: number,
  role: Role,
  prints: Fingerprints | null,
  isProved: boolean,
  to = session.remoteIncarnation,
): Hello => {
  const from = session.incarnation
  const { held } = session.tokens
  const proof = held !== null && prints ? proofOf(held, { from, link }, role, prints) : null
  return { ...emptyHello(channel, options, isProved), from, to, link, proof }
}

/** Where something is proved, a HELLO of another session says that the one that was meant is not known. */
export const forgottenOf = (
  channel: HandshakeChannel,
  options: HandshakeOptions,
  isProved: boolean,
  { from, link }: Hello,
): Hello => ({
  ...emptyHello(channel, options, isProved),
  to: from,
  link,
})

/** What every HELLO of ours says, in the name of a session that nobody knows. */
const emptyHello = (
  channel: HandshakeChannel,
  { age, requests }: HandshakeOptions,
  isProved: boolean,
): Hello => ({
  version: protocolVersion,
  from: uuid(),
  to: null,
  link: 0,
  proof: null,
  frameSize: Math.min(maxFrameSize, messageSizeOf(channel.link) - 4 * maxFrameHead),
  window: initialWindow,
  age: Math.ceil(age()),
  nonce: isProved ? crypto.getRandomValues(new Uint8Array(32)) : null,
  requests,
})
