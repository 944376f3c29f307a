import { ActionError, type ErrorCode, type RequestError } from '../../base/errors'
import { isPrintable, printable } from '../../base/printable'
import { bytesOf } from '../../codec/binarypack'

/**
 * What an article-style PeerJS wrapper sends, and sends back whole with the response filled in. Fields that the
 * caller added stay in it.
 */
export interface Envelope {
  readonly action: string
  readonly request: { readonly id: string; readonly body: unknown }
  readonly response: Readonly<Record<string, unknown>>
}

/** What `response.headers.contentType` says of one part of a series of bytes. */
const seriesType = 'application/octet-stream'

/** Longer ones are no ids, and no names of actions. */
const maxIdLength = 128
const maxActionLength = 256

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** The envelope that a value is; null for any other value. */
export const asEnvelope = (value: unknown): Envelope | null => {
  const { action, request, response } = fieldsOf(value)
  const { id } = fieldsOf(request)
  const isEnvelope =
    typeof action === 'string' &&
    action.length <= maxActionLength &&
    isPrintable(action) &&
    typeof id === 'string' &&
    id.length <= maxIdLength &&
    isPrintable(id) &&
    typeof response === 'object' &&
    response !== null
  return isEnvelope ? (value as Envelope) : null
}

export const createEnvelope = (action: string, id: string, body: unknown): Envelope => ({
  action,
  request: { id, body },
  response: { body: { code: 200, data: undefined, message: '' } },
})

/** What an answer says. */
export interface Reply {
  readonly code: number
  readonly data: unknown
  readonly message: string
}

/** A request with its answer filled in. */
export const replied = (envelope: Envelope, reply: Reply): Envelope => {
  const { response } = envelope
  return { ...envelope, response: { ...response, body: { ...fieldsOf(response.body), ...reply } } }
}

/** What an answer says; `code` is null where it says none. */
export const replyOf = ({ response }: Envelope): Omit<Reply, 'code'> & { readonly code: number | null } => {
  const { code, data, message } = fieldsOf(response.body)
  return {
    code: typeof code === 'number' ? code : null,
    data,
    message: typeof message === 'string' ? printable(message) : '',
  }
}

/** One part of a series of bytes: `start` opens it and carries the first bytes, `end` carries none. */
export interface Part {
  readonly type: 'start' | 'chunk' | 'end'
  readonly chunk: Uint8Array
}

export const withPart = (envelope: Envelope, part: Part): Envelope => {
  const { response, ...rest } = replied(envelope, { code: 200, data: part, message: '' })
  return { ...rest, response: { ...response, headers: { contentType: seriesType } } }
}

/** The part that an answer is; null for an ordinary one. */
export const partOf = (envelope: Envelope): Part | null => {
  if (fieldsOf(envelope.response.headers).contentType !== seriesType) return null
  const { type, chunk } = fieldsOf(replyOf(envelope).data)
  if (type !== 'start' && type !== 'chunk' && type !== 'end') return null
  return { type, chunk: bytesOf(chunk) ?? new Uint8Array(0) }
}

/** The HTTP status that says the same; whatever is not here is the device's own fault. */
const statuses: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  REFUSED: 403,
  UNKNOWN_ACTION: 404,
  TOO_LARGE: 413,
  UNSUPPORTED: 501,
  OVERLOADED: 503,
}

/** How an error is told: an {@link ActionError} by its own code, others by an HTTP status. */
export const replyWith = (error: RequestError): Reply => {
  const code = error instanceof ActionError ? error.code : (statuses[error.code] ?? 500)
  return { code, data: null, message: error.message }
}
