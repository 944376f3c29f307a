import type { Clock } from '../../base/clock'
import { asNanopeerError, NanopeerError } from '../../base/errors'
import type { DialFailure, DialOptions, Link } from '../../base/transport'
import { goodbye } from '../wire/failure'
import { encodeFrames } from '../wire/frame'
import { HandshakeChannel } from './channel'
import { type HandshakeOptions, hasProofs } from './options'
import type { HandshakeResult } from './steps'

/** Ms for which a remote may put off its answer while it makes up its mind; longer than any `accept` may take. */
const patience = 60_000

/**
 * How often a link that closes before the remote has said a word is followed by another at once: most likely its end
 * of the channel could not speak (`isMute` in signalling/link.ts). Not where requests went out with the handshake: they
 * may have been run by a life of the remote that is over, and sent again they would run twice.
 */
const maxRedials = 2

/** Ms that a refusal may take to leave. */
const refusalTimeout = 1000

/** Ms a dial may take, authentication included. */
export const defaultDialTimeout = 15_000

export interface OpenedLink {
  readonly link: Link
  readonly result: HandshakeResult
}

/** All of a handshake over a channel. Rejects with what went wrong; the channel is then closed here. */
export type Handshake = (channel: HandshakeChannel) => Promise<HandshakeResult>

export interface LinkContext extends HandshakeOptions {
  readonly clock: Clock
  readonly timeout: number
}

/** Dials and shakes hands, within one deadline. Rejects with a `NanopeerError`; nothing stays open then. */
export const dialLink = async (
  context: LinkContext,
  signal: AbortSignal,
  open: (options: DialOptions) => Promise<Link>,
  handshake: Handshake,
): Promise<OpenedLink> => {
  const { clock, timeout } = context
  const begun = clock.now()
  for (let redials = 0; ; redials++) {
    const left = () => Math.max(1, timeout - (clock.now() - begun))
    const link = await openLink(context, left(), signal, open)
    const channel = new HandshakeChannel(link, clock, left(), patience)
    try {
      return await shakeHands(context, channel, signal, handshake)
    } catch (error) {
      if (signal.aborted || !channel.isStillborn || redials === maxRedials) throw error
    }
  }
}

const openLink = async (
  { clock, timeout, remoteId }: LinkContext,
  left: number,
  signal: AbortSignal,
  open: (options: DialOptions) => Promise<Link>,
): Promise<Link> => {
  if (signal.aborted) throw signal.reason
  const dialling = new AbortController()
  const giveUp = () => dialling.abort(signal.reason)
  signal.addEventListener('abort', giveUp)
  const stopDeadline = clock.after(left, () => {
    const message = `No link to ${JSON.stringify(remoteId)} within ${timeout} ms.`
    dialling.abort(new NanopeerError('TIMEOUT', message))
  })
  try {
    return await open({ signal: dialling.signal })
  } finally {
    stopDeadline()
    signal.removeEventListener('abort', giveUp)
  }
}

const shakeHands = async (
  context: LinkContext,
  channel: HandshakeChannel,
  signal: AbortSignal,
  handshake: Handshake,
): Promise<OpenedLink> => {
  const { link } = channel
  const abort = () => channel.abort(signal.reason as NanopeerError)
  signal.addEventListener('abort', abort)
  try {
    if (signal.aborted) throw signal.reason
    return { link, result: await handshake(channel) }
  } catch (error) {
    const cause = asNanopeerError(error)
    // Given up for another link, or for want of an answer that may be on its way: the other side may have adopted
    // this link by now, and a goodbye would end the session there.
    if (signal.aborted || cause.code === 'TIMEOUT' || cause.code === 'CONNECTION_LOST') {
      channel.release()
      void link.close(0)
    } else void channel.refuse(cause)
    throw signal.aborted ? error : inStage(cause, context)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/**
 * Answers a remote's dial. Rejects with a `NanopeerError`, which the remote is told.
 *
 * @param signal gives up the handshake; its reason is a `NanopeerError`
 */
export const answerLink = async (
  context: LinkContext,
  link: Link,
  signal: AbortSignal,
  handshake: Handshake,
): Promise<OpenedLink> => {
  const channel = new HandshakeChannel(link, context.clock, context.timeout, 0)
  const abort = () => channel.abort(signal.reason as NanopeerError)
  signal.addEventListener('abort', abort)
  try {
    return { link, result: await handshake(channel) }
  } catch (error) {
    const cause = asNanopeerError(error)
    void channel.refuse(cause)
    throw cause
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Tells a remote why its link is not taken, and closes it, before any handshake. */
export const refuseLink = (link: Link, error: NanopeerError): void => {
  link.send(encodeFrames(goodbye(error)))
  void link.close(refusalTimeout)
}

/** Says in `cause` that the link was there, and which stage failed behind it. */
const inStage = (error: NanopeerError, options: HandshakeOptions): NanopeerError => {
  // It has a cause that says more.
  if (error.cause instanceof NanopeerError || error.code === 'KEY_CHANGED') return error
  const stage = hasProofs(options) && error.code === 'REFUSED' ? 'authentication' : 'handshake'
  const failure: DialFailure = { stage, explain: error.message }
  return new NanopeerError(error.code, error.message, { cause: failure })
}
