import type { ActionKind, MediaOptions } from '../../base/action'
import { isAsyncIterable, isMediaStream, isResponse } from '../../base/body'
import { type ErrorCode, isActionError, NanopeerError, type RequestError } from '../../base/errors'
import { latestItemsOf } from '../../base/latest-items'
import type { Registration } from '../../base/registration'
import type { HandlerContext } from '../../base/types'
import { validate } from '../../base/validate'
import { sendable } from '../../codec/sendable'
import { encodeValue } from '../../codec/write'
import type { RequestHead } from '../wire/request-head'
import { type BytesHead, bytesSource, openBytes, type Source } from './byte-source'
import { isBytes } from './bytes'
import { eventsSource } from './event-stream'
import { latestSource } from './latest-source'

/** A request as it reached this device. */
export interface IncomingRequest {
  /** `kind` is null where the asker cannot say: a PeerJS client takes whatever the handler answers. */
  readonly head: Omit<RequestHead, 'kind'> & { readonly kind: ActionKind | null }
  readonly input: unknown
  readonly requestId: string
  readonly signal: AbortSignal
  /** The same as `signal.aborted`, without making a signal. */
  readonly isAborted: boolean
  readonly body: ReadableStream<Uint8Array> | undefined
}

/** Live audio and video. */
export interface MediaAnswer {
  readonly kind: 'media'
  readonly stream: MediaStream
  readonly options: MediaOptions
  /** Hears when it is over. */
  ended?(error: RequestError | null): void
}

/** What goes back. */
export type Answer =
  | { readonly kind: 'value'; readonly payload: Uint8Array }
  /** `head` is there for bytes, null for events. */
  | { readonly kind: 'stream'; readonly head: BytesHead | null; readonly source: Source }
  | MediaAnswer
  | { readonly kind: 'failure'; readonly error: RequestError }

/** Finds the handler, runs it, and says what to answer. Never rejects. */
export type Dispatch = (request: IncomingRequest) => Promise<Answer>

const refusal = (error: RequestError): Answer => ({ kind: 'failure', error })

const kindNames: Record<ActionKind, string> = {
  value: 'one value: ask with action()',
  bytes: 'bytes: ask with action.bytes()',
  events: 'a series of values: ask with action.events()',
  media: 'audio and video: ask with action.media()',
}

/**
 * Runs a registered handler for a request.
 *
 * @param limit the largest value that may be answered, bytes
 * @param report hears what a handler threw: the asker is told no more than that it failed
 */
export const runHandler = async (
  registration: Registration | undefined,
  request: IncomingRequest,
  context: HandlerContext,
  limit: number,
  report: (error: unknown) => void,
): Promise<Answer> => {
  const { action } = request.head
  if (!registration) {
    return refusal(
      new NanopeerError('UNKNOWN_ACTION', `This device has no handler for ${JSON.stringify(action)}.`),
    )
  }
  const kind = request.head.kind ?? registration.kind
  if (registration.kind !== null && registration.kind !== kind) {
    const message = `${JSON.stringify(action)} answers with ${kindNames[registration.kind]}.`
    return refusal(new NanopeerError('UNKNOWN_ACTION', message))
  }
  if (kind === 'media' && request.head.kind === null) {
    const message = `${JSON.stringify(action)} answers with audio and video, which take nanopeer on both sides.`
    return refusal(new NanopeerError('UNSUPPORTED', message))
  }
  /** What leaves the device of an error: an ActionError as it is, our own verdicts, and of all others nothing. */
  const translate = (error: unknown): RequestError => {
    const said = isActionError(error) ? sendable(error, report) : null
    if (said) return said
    if (request.isAborted) return new NanopeerError('ABORTED', 'The request was aborted.')
    report(error)
    return new NanopeerError('HANDLER_FAILED', `The handler of ${JSON.stringify(action)} failed.`)
  }
  let input = request.input
  try {
    // Only where there is a schema: a task less for every request without one.
    if (registration.input) input = await validate(registration.input, input, 'INVALID_INPUT', action)
  } catch (error) {
    report(error)
    return refusal(error instanceof NanopeerError ? error : translate(error))
  }
  // Cancelled while it was admitted or validated: the handler could no longer hear of it.
  if (request.isAborted) return refusal(new NanopeerError('ABORTED', 'The request was aborted.'))
  let output: unknown
  try {
    output = await registration.handler(input, context)
  } catch (error) {
    return refusal(translate(error))
  }
  const fail = (code: ErrorCode, message: string, cause?: unknown): NanopeerError => {
    report(cause ?? new NanopeerError(code, message))
    return new NanopeerError(code, message)
  }
  try {
    const answered = kind ?? (isBytes(output) ? 'bytes' : 'value')
    if (answered === 'media') {
      if (isMediaStream(output)) return { kind: answered, stream: output, options: registration.media ?? {} }
      throw fail(
        'INVALID_OUTPUT',
        `What the handler of ${JSON.stringify(action)} answered is no MediaStream.`,
      )
    }
    return answerOf({ action, kind: answered }, output, limit, translate, fail)
  } catch (error) {
    return refusal(error instanceof NanopeerError ? error : translate(error))
  }
}

const answerOf = (
  { action, kind }: { readonly action: string; readonly kind: Exclude<ActionKind, 'media'> },
  output: unknown,
  limit: number,
  translate: (error: unknown) => RequestError,
  fail: (code: ErrorCode, message: string, cause?: unknown) => NanopeerError,
): Answer => {
  const what = `What the handler of ${JSON.stringify(action)} answered`
  /** The asker is told that it cannot be sent; where in it and why only the device: names of fields are data, too. */
  const encode = (value: unknown): Uint8Array => {
    let payload: Uint8Array
    try {
      payload = encodeValue(value, 'INVALID_OUTPUT')
    } catch (error) {
      throw fail((error as NanopeerError).code, `${what} cannot be sent.`, error)
    }
    if (payload.length > limit) throw fail('TOO_LARGE', `${what} has over ${limit} bytes.`)
    return payload
  }
  if (kind === 'value') return { kind, payload: encode(output) }
  if (kind === 'events') {
    const latest = latestItemsOf(output)
    if (latest) return { kind: 'stream', head: null, source: latestSource(latest) }
    if (!isAsyncIterable(output)) throw fail('INVALID_OUTPUT', `${what} is no AsyncIterable.`)
    return { kind: 'stream', head: null, source: eventsSource(output, translate, encode) }
  }
  if (isResponse(output) && !output.ok) {
    // Its status does not travel: the asker would take the page of an error for what was asked.
    const advice = 'which an asker would not see; throw an ActionError instead, and cancel its body'
    throw fail('INVALID_OUTPUT', `${what} is a Response of status ${output.status}, ${advice}.`)
  }
  const bytes = openBytes(output)
  if (!bytes) {
    throw fail('INVALID_OUTPUT', `${what} is no Response, Blob, stream, async iterable or Uint8Array.`)
  }
  return { kind: 'stream', head: bytes.head, source: bytesSource(bytes.body, 'INVALID_OUTPUT', translate) }
}
