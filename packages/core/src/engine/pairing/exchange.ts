/**
 * One exchange over one link, between the device that shows a code (B, which was dialled) and the one that was told it (A).
 *
 *     A                                     B
 *     HELLO: form, nonce          →
 *                                 ←         HELLO: nonce                     or BYE: busy
 *     SHARE: blinded by the code  →         counts a guess
 *                                 ←         SHARE: blinded by the code
 *     CONFIRM                     →         a wrong one: BYE, and no more from us
 *                                 ←         CONFIRM, CARD
 *     CARD                        →
 *     VERDICT                     →         keeps the other one
 *                                 ←         VERDICT: kept, or not
 *
 * A side that does not want to be paired says so without waiting. B keeps first, because A may dial as soon as it has paired.
 * Both certificates, both rendezvous ids and both HELLOs are under both confirmations; the cards and verdicts are encrypted with
 * the key that was confirmed. Whoever stands between, with certificates of his own, has made one guess.
 */

import { NanopeerError } from '../../base/errors'
import type { Identity } from '../../base/identity'
import type { KnownRemote } from '../../base/known'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'
import type { HandshakeChannel } from '../handshake/channel'
import { encodeParts } from '../handshake/parts'
import { type Frame, FrameType } from '../wire/frame'
import { createCard, readCard } from './card'
import { codeLifetime, type Invitation, type PairingForm } from './code'
import { createSeal, type Seal } from './seal'
import { pointOf, type Spake2Keys, type Spake2Role, scalarOf, startSpake2 } from './spake2'

const version = 1
const nonceSize = 16
/** How long the device that shows the code may take to keep the other one, ms: its user may be asked, and so long is the code good. */
const verdictTimeout = codeLifetime + 10_000

const Step = { Hello: 1, Share: 2, Confirm: 3, Card: 4, Verdict: 5 } as const
type Step = (typeof Step)[keyof typeof Step]

/** Who takes part, as the signalling server sees it. */
export type Rendezvous = Readonly<Record<Spake2Role, string>>

/** Whom we are when it comes to that. */
export interface Self {
  readonly id: string
  readonly identity: Identity
}

/** The other side is known, and waits for our verdict. */
export interface Acquaintance {
  readonly remote: KnownRemote
  /**
   * Tells our verdict and hears theirs: whether both keep each other.
   *
   * @param keep remembers the remote; called where both want to be paired
   */
  conclude(isWanted: boolean, keep: () => Promise<void>): Promise<boolean>
}

const step = (type: Step, body: Uint8Array): Frame => {
  const payload = new Uint8Array(1 + body.length)
  payload[0] = type
  payload.set(body, 1)
  return { type: FrameType.Pair, stream: 0, payload }
}

/** What the other side says next, which must be this. */
const expectStep = async (channel: HandshakeChannel, type: Step): Promise<Uint8Array> => {
  const { payload } = await channel.expect(FrameType.Pair)
  if (payload[0] === type) return payload.subarray(1)
  throw new NanopeerError('PROTOCOL', 'The remote sent the steps of a pairing in another order.')
}

const createHello = (form: PairingForm): Uint8Array<ArrayBuffer> =>
  encodeValue([version, form, crypto.getRandomValues(new Uint8Array(nonceSize))], 'INVALID_INPUT')

/** @throws `NanopeerError` `PROTOCOL` for what is no HELLO, or one of another version. */
export const readHello = (hello: Uint8Array): PairingForm => {
  const fields = decodeValue(hello)
  const [spoken, form, nonce] = Array.isArray(fields) ? (fields as unknown[]) : []
  if (spoken !== version) {
    throw new NanopeerError(
      'PROTOCOL',
      'The remote pairs in another way; take the same release of nanopeer on both.',
    )
  }
  if ((form === 'code' || form === 'qr') && nonce instanceof Uint8Array && nonce.length === nonceSize)
    return form
  throw new NanopeerError('PROTOCOL', 'The remote began a pairing that is none.')
}

/** What must be equal at both ends: a relay between has other certificates, whoever it is. */
const additionalOf = async (
  { link }: HandshakeChannel,
  role: Spake2Role,
  hellos: readonly [Uint8Array, Uint8Array],
): Promise<Uint8Array> => {
  const { local, remote } = await link.fingerprints()
  return encodeParts(['nanopeer/2 pair', ...(role === 'A' ? [local, remote] : [remote, local]), ...hellos])
}

const begin = (
  role: Spake2Role,
  identities: Rendezvous,
  { form, digits, password }: Omit<Invitation, 'expected'>,
) => {
  const w = scalarOf(new TextEncoder().encode(password), `nanopeer/2 pair ${form} ${digits}`)
  return startSpake2({ role, identities, w })
}

const refused = (message: string) => new NanopeerError('REFUSED', message)

/** The side that shows the code. */
export class HostExchange {
  private form: PairingForm = 'code'
  private hellos!: readonly [Uint8Array, Uint8Array]
  private theirs!: Uint8Array

  constructor(
    private readonly channel: HandshakeChannel,
    private readonly rendezvous: Rendezvous,
  ) {}

  /** First: until the other side has sent its share. Nothing of ours depends on the code. */
  async hear(): Promise<void> {
    const { channel } = this
    const hello = await expectStep(channel, Step.Hello)
    this.form = readHello(hello)
    const ours = createHello(this.form)
    this.hellos = [hello, ours]
    channel.send(step(Step.Hello, ours))
    this.theirs = await expectStep(channel, Step.Share)
  }

  /**
   * Then, once this is counted as a guess: whether it was right. Rejects with `REFUSED` where it was not.
   *
   * @param confirmed called when it was
   */
  async confirm(
    invitations: Readonly<Record<PairingForm, Invitation>>,
    self: Self,
    confirmed: () => void,
  ): Promise<Acquaintance> {
    const { channel, form, hellos, theirs, rendezvous } = this
    // Before our own, which takes milliseconds.
    pointOf(theirs)
    const exchange = begin('B', rendezvous, invitations[form])
    const additional = await additionalOf(channel, 'B', hellos)
    const keys = exchange.finish(theirs, additional)
    channel.send(step(Step.Share, exchange.share))
    if (!keys.isConfirmed(await expectStep(channel, Step.Confirm))) {
      throw refused('The code is wrong.')
    }
    confirmed()
    const introduction = await introduce(channel, 'B', keys, additional, self)
    channel.send(step(Step.Confirm, keys.confirm()), step(Step.Card, introduction.card))
    return introduction.meet(null)
  }
}

/** The side that was told the code. */
export class JoinerExchange {
  private hellos!: readonly [Uint8Array, Uint8Array]

  constructor(
    private readonly channel: HandshakeChannel,
    private readonly rendezvous: Rendezvous,
  ) {}

  /** First: whether the other side has time for us. Nothing of ours depends on the code. */
  async greet(form: PairingForm): Promise<void> {
    const { channel } = this
    const hello = createHello(form)
    channel.send(step(Step.Hello, hello))
    const theirs = await expectStep(channel, Step.Hello)
    readHello(theirs)
    this.hellos = [hello, theirs]
  }

  /** Then, once and never again for what was typed. Rejects with `REFUSED` where the other side has another code. */
  async confirm(invitation: Invitation, self: Self): Promise<Acquaintance> {
    const { channel, hellos, rendezvous } = this
    const exchange = begin('A', rendezvous, invitation)
    const additional = await additionalOf(channel, 'A', hellos)
    channel.send(step(Step.Share, exchange.share))
    const keys = exchange.finish(await expectStep(channel, Step.Share), additional)
    channel.send(step(Step.Confirm, keys.confirm()))
    const confirmation = await expectStep(channel, Step.Confirm).catch((cause: NanopeerError) => {
      // Not in their words: nobody knows yet who they are.
      const message = 'The code is wrong, or spent. Look at the other device, or have it make a new one.'
      throw cause.code === 'REFUSED' ? new NanopeerError('REFUSED', message, { cause }) : cause
    })
    if (!keys.isConfirmed(confirmation)) {
      throw refused('Whoever answered does not know the code. Have the other device make a new one.')
    }
    const introduction = await introduce(channel, 'A', keys, additional, self)
    return introduction.meet(invitation.expected, () => channel.send(step(Step.Card, introduction.card)))
  }
}

/** The last part, alike on both sides: they know each other to be the ones who share the code. */
const introduce = async (
  channel: HandshakeChannel,
  role: Spake2Role,
  keys: Spake2Keys,
  additional: Uint8Array,
  { id, identity }: Self,
) => {
  const seal = await createSeal(keys.key, role, additional)
  const { exchangeId } = seal
  const card = await seal.seal(await createCard(id, identity, { role, exchangeId }))
  return {
    card,
    /** @param met called when their card is good, before we wait for anything else */
    async meet(expected: KnownRemote | null, met = () => {}): Promise<Acquaintance> {
      const theirRole = role === 'A' ? 'B' : 'A'
      const theirs = await seal.open(await expectStep(channel, Step.Card))
      const remote = await readCard(theirs, { role: theirRole, exchangeId })
      if (expected && (expected.id !== remote.id || expected.key !== remote.key)) {
        throw refused(`The QR code is of “${expected.id}” with another key than the device that answered.`)
      }
      if (remote.id === id || remote.key === identity.key) {
        throw refused(`The other device is “${remote.id}” as well; pair two different ones.`)
      }
      met()
      channel.endDeadline()
      const conclude = role === 'A' ? concludeFirst : concludeLast
      return {
        remote,
        conclude: (isWanted, keep) => conclude(verdictsOf(channel, seal, role), isWanted, keep),
      }
    },
  }
}

interface Verdicts {
  tell(isKept: boolean): Promise<void>
  hear(): Promise<boolean>
}

const verdictsOf = (channel: HandshakeChannel, seal: Seal, role: Spake2Role): Verdicts => ({
  async tell(isKept) {
    channel.send(step(Step.Verdict, await seal.seal(encodeValue(isKept, 'INVALID_INPUT'))))
  },
  async hear() {
    // Who shows the code gives up by itself, with the code.
    if (role === 'A')
      channel.startDeadline(verdictTimeout, 'The other device has not said whether it keeps this one.')
    return decodeValue(await seal.open(await expectStep(channel, Step.Verdict))) === true
  },
})

const concludeFirst: Conclude = async ({ tell, hear }, isWanted, keep) => {
  await tell(isWanted)
  const isKept = (await hear()) && isWanted
  if (isKept) await keep()
  return isKept
}

const concludeLast: Conclude = async ({ tell, hear }, isWanted, keep) => {
  if (!isWanted) await tell(false)
  const isKept = (await hear()) && isWanted
  if (isKept) await keep()
  if (isWanted) await tell(isKept)
  return isKept
}

type Conclude = (verdicts: Verdicts, ...of: Parameters<Acquaintance['conclude']>) => Promise<boolean>
