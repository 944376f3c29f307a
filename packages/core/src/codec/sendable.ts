import { ActionError } from '../base/errors'
import { encodeValue } from './write'

/** An ActionError whose data cannot be sent still reaches the asker, without it; one without a number is none. */
export const sendable = (error: ActionError, report: (error: unknown) => void): ActionError | null => {
  const { code, message, data } = error
  if (typeof code !== 'number' || typeof message !== 'string') return null
  try {
    // As it travels: with its code and its message.
    encodeValue(data === undefined ? [code, message] : [code, message, data], 'INVALID_OUTPUT')
    return error instanceof ActionError ? error : new ActionError(code, message, data)
  } catch (cause) {
    report(cause)
    return new ActionError(code, message)
  }
}
