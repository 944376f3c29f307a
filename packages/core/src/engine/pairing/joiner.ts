import { v4 as uuid } from 'uuid'
import { type ErrorCode, NanopeerError } from '../../base/errors'
import type { KnownRemote } from '../../base/known'
import type { Signalling } from '../../base/transport'
import { HandshakeChannel } from '../handshake/channel'
import { type Invitation, readInvitation } from './code'
import type { PairingContext } from './context'
import { JoinerExchange } from './exchange'
import { becomeAcquainted, giveUp, notLetIn, rendezvousPrefix } from './rendezvous'

/** How long the other device may take to be reached and to have time for us, ms. */
const reachTimeout = 20_000
/** How long one exchange may take, ms: the other side gives up after five seconds. */
const exchangeTimeout = 10_000
/** Until a device that is busy with somebody else is asked again, ms. */
const busyDelay = 500

/** Goes to the device that shows this code. The code is used once, whatever becomes of it. */
export const joinByCode = async (context: PairingContext, typed: string): Promise<KnownRemote> => {
  const invitation = readInvitation(typed)
  const { signal, clock } = context
  const ending = new AbortController()
  const abort = () => ending.abort(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const stopDeadline = clock.after(reachTimeout, () => ending.abort(unreachable(invitation)))
  // Not our own id: nobody at the rendezvous is to learn it who does not know the code.
  const ownId = `${rendezvousPrefix}${uuid().replaceAll('-', '')}`
  let isIn = false
  const signalling = context.transport.join(ownId, context.signalling, {
    connecting: () => {},
    open: () => {
      isIn = true
    },
    // Whoever has typed a code looks at the screen: what cannot begin is told, and not tried again for 20 s.
    disconnected: (error, retryAt) => (!isIn || retryAt === null) && ending.abort(notLetIn(error)),
    offer: () => 'ignored',
    link: (link) => void link.close(0),
    plain: (channel) => void channel.close(0),
  })
  try {
    const { channel, exchange } = await reach(context, signalling, ownId, invitation, ending.signal)
    stopDeadline()
    return await finish(context, channel, exchange, invitation)
  } finally {
    stopDeadline()
    signal.removeEventListener('abort', abort)
    void signalling.leave()
  }
}

/** Dials until the other device has time for us. Nothing that depends on the code is sent by then. */
const reach = async (
  { clock }: PairingContext,
  signalling: Signalling,
  ownId: string,
  invitation: Invitation,
  signal: AbortSignal,
): Promise<{ channel: HandshakeChannel; exchange: JoinerExchange }> => {
  const remoteId = rendezvousPrefix + invitation.digits
  for (;;) {
    const link = await signalling.dial(remoteId, { signal }).catch((error: unknown) => {
      throw inWords(error, invitation)
    })
    const channel = new HandshakeChannel(link, clock, exchangeTimeout, 0)
    const exchange = new JoinerExchange(channel, { A: ownId, B: remoteId })
    const abort = () => channel.abort(signal.reason as NanopeerError)
    signal.addEventListener('abort', abort)
    try {
      if (signal.aborted) throw signal.reason
      await exchange.greet(invitation.form)
      return { channel, exchange }
    } catch (error) {
      const { code } = giveUp(channel, error)
      if (signal.aborted || (code !== 'OVERLOADED' && code !== 'CONNECTION_LOST')) throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
    await pause(clock, busyDelay, signal)
  }
}

/** The one guess. */
const finish = async (
  context: PairingContext,
  channel: HandshakeChannel,
  exchange: JoinerExchange,
  invitation: Invitation,
): Promise<KnownRemote> => {
  const { signal } = context
  const abort = () => channel.abort(signal.reason as NanopeerError)
  signal.addEventListener('abort', abort)
  try {
    const remote = await becomeAcquainted(context, await exchange.confirm(invitation, context))
    channel.release()
    void channel.link.close()
    return remote
  } catch (error) {
    throw giveUp(channel, error)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

const pause = (clock: PairingContext['clock'], ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = () => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })

const unreachable = ({ digits }: Invitation) =>
  new NanopeerError(
    'TIMEOUT',
    `The device that shows ${digits} could not be reached within ${reachTimeout / 1000} s. See that both are online, and use a new code.`,
  )

const inWords = (error: unknown, { digits }: Invitation): unknown => {
  if (!(error instanceof NanopeerError)) return error
  const message = messages(digits)[error.code]
  return message === undefined ? error : new NanopeerError(error.code, message, { cause: error })
}

const messages = (digits: string): { readonly [code in ErrorCode]?: string } => ({
  PEER_UNAVAILABLE: `No device shows a code that begins with ${digits} now. Look at it again; a code is good for two minutes, and once.`,
  OVERLOADED: `Too many dial the device that shows ${digits}: somebody may be guessing. No try is lost; wait, or have it make a new code.`,
})
