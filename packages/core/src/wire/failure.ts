import { ActionError, isErrorCode, NanopeerError, type RequestError } from '../errors'
import type { Frame } from './frame'
import { decodeValue, encodeValue } from './values'

/**
 * An error on the wire: `[code, message]` for a `NanopeerError`, `[number, message, data]` for an `ActionError`,
 * without the last where there is no data. Nothing else of an error ever leaves: no stack, no cause, no path.
 */
export const encodeFailure = (error: RequestError): Uint8Array<ArrayBuffer> => {
  if (!(error instanceof ActionError)) return encodeValue([error.code, error.message], 'INVALID_OUTPUT')
  const { code, message, data } = error
  return encodeValue(data === undefined ? [code, message] : [code, message, data], 'INVALID_OUTPUT')
}

/** @throws `NanopeerError` `PROTOCOL` for anything that is not an error. */
export const decodeFailure = (payload: Uint8Array): RequestError => {
  const fields = decodeValue(payload)
  if (Array.isArray(fields)) {
    const [code, message, data] = fields as unknown[]
    if (typeof message === 'string') {
      if (typeof code === 'number') return new ActionError(code, message, data)
      if (isErrorCode(code)) return new NanopeerError(code, message)
    }
  }
  throw new NanopeerError('PROTOCOL', 'The remote sent an error that is not one.')
}

/** What a goodbye says: why the other side refuses or gives up; nothing where it simply leaves. */
export const byeError = (frame: Frame): NanopeerError => {
  const error = frame.payload.length > 0 ? decodeFailure(frame.payload) : null
  if (error instanceof NanopeerError) return error
  return new NanopeerError('CONNECTION_LOST', 'The remote closed the connection.')
}
