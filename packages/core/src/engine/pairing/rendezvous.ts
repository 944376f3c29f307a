import { asNanopeerError, NanopeerError } from '../../base/errors'
import type { KnownRemote } from '../../base/known'
import type { HandshakeChannel } from '../handshake/channel'
import type { PairingContext } from './context'
import type { Acquaintance } from './exchange'

/** Ids that begin so are for this: nanopeer's own server gives them to whoever asks, for two minutes. */
export const rendezvousPrefix = 'nanopeer-pair-'

/** A server does not let us in where we would meet: nothing of the code has been used. */
export const notLetIn = ({ code, message }: NanopeerError): NanopeerError =>
  new NanopeerError(code, `Nobody can be met to pair with now, and no try is lost. ${message}`)

/** The last step of both sides: what the user says, what the other device says, and then it is kept. */
export const becomeAcquainted = async (
  { knownKey, ask, keep }: Pick<PairingContext, 'knownKey' | 'ask' | 'keep'>,
  { remote, conclude }: Acquaintance,
): Promise<KnownRemote> => {
  const before = await knownKey(remote.id)
  const isWanted = before === undefined || before === remote.key || (await ask(remote, before))
  if (!(await conclude(isWanted, () => keep(remote)))) {
    throw new NanopeerError('REFUSED', `The other device, “${remote.id}”, did not want to be paired.`)
  }
  return remote
}

/** The remote hears why, where it can: a link that is lost hears nothing. */
export const giveUp = (channel: HandshakeChannel, error: unknown): NanopeerError => {
  const cause = asNanopeerError(error)
  void channel.refuse(cause)
  return cause
}
