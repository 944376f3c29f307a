import { ActionError, isErrorCode, NanopeerError, type RequestError, verdictOf } from '../../base/errors'
import { printable } from '../../base/printable'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'
import { type Frame, FrameType, noPayload } from './frame'

/**
 * An error on the wire: `[code, message]` for a `NanopeerError`, `[number, message, data]` for an `ActionError`,
 * without the last where there is no data. Nothing else of an error ever leaves: no stack, no cause, no path, and
 * nothing at all of an error that is neither.
 */
export const encodeFailure = (error: RequestError): Uint8Array<ArrayBuffer> => {
  if (!(error instanceof ActionError)) {
    const isOurs = (error as unknown) instanceof NanopeerError
    const said = isOurs ? [error.code, error.message] : ['HANDLER_FAILED', 'The device failed.']
    return encodeValue(said, 'INVALID_OUTPUT')
  }
  const { code, message, data } = error
  if (data === undefined) return encodeValue([code, message], 'INVALID_OUTPUT')
  try {
    return encodeValue([code, message, data], 'INVALID_OUTPUT')
  } catch {
    // It was looked at before (`codec/sendable.ts`); a getter may say something else now.
    return encodeValue([code, message], 'INVALID_OUTPUT')
  }
}

/** @throws `NanopeerError` `PROTOCOL` for anything that is not an error, or no answer to a request. */
export const decodeFailure = (payload: Uint8Array): RequestError => {
  const error = decodeError(payload)
  if (error instanceof ActionError || verdictOf(error).isAnswer) return error
  throw new NanopeerError('PROTOCOL', 'The remote answered with an error that only this side can have.')
}

const decodeError = (payload: Uint8Array): RequestError => {
  const fields = decodeValue(payload)
  if (Array.isArray(fields)) {
    const [code, message, data] = fields as unknown[]
    if (typeof message === 'string') {
      if (typeof code === 'number') return new ActionError(code, printable(message), data)
      if (isErrorCode(code)) return new NanopeerError(code, message)
    }
  }
  throw new NanopeerError('PROTOCOL', 'The remote sent an error that is not one.')
}

/** What a link ends with whose remote sent what could not be read, whatever threw it. */
export const unreadable = (error: unknown): NanopeerError =>
  error instanceof NanopeerError ? error : breach(error)

/** The same for a session, which has one word for whatever a remote must not send: `PROTOCOL`. */
export const breachOf = (error: unknown): NanopeerError => {
  const known = unreadable(error)
  return known.code === 'PROTOCOL' ? known : breach(error)
}

const breach = (cause: unknown): NanopeerError =>
  new NanopeerError('PROTOCOL', 'What the remote sent could not be read.', { cause })

/** Why we end a link, as far as that is the remote's business: what is wrong with us alone (a file, a database) is not. */
export const goodbye = (error: NanopeerError): Frame => ({
  type: FrameType.Bye,
  stream: 0,
  payload: verdictOf(error).isGoodbye ? encodeFailure(error) : noPayload,
})

/** What a goodbye says: why the other side refuses or gives up; nothing where it simply leaves. */
export const byeError = (frame: Frame): NanopeerError => {
  const error = frame.payload.length > 0 ? decodeError(frame.payload) : null
  if (error instanceof NanopeerError && verdictOf(error).isGoodbye) return error
  return new NanopeerError('CONNECTION_LOST', 'The remote closed the connection.')
}
