import { NanopeerError } from './errors'

/** What a PeerServer takes as an id (PeerJS `util.validateId`), and short enough to be sent about. */
const validId = /^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$/
const maxIdLength = 128

/** Whether this can be a device id. What a signalling server says need not be one. */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length <= maxIdLength && validId.test(id)

/** @throws `NanopeerError` `INVALID_ID` for an id that no server would take. */
export const checkId = (id: string): void => {
  if (isId(id)) return
  throw new NanopeerError(
    'INVALID_ID',
    `${JSON.stringify(id)} is no device id: use letters and digits, with single "-", "_" or spaces between them, ` +
      `at most ${maxIdLength} characters.`,
  )
}
