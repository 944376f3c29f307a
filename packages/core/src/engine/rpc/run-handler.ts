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

/** What a run needs of who has it run. */
export interface RunHost {
  /** The largest value that may be answered, bytes. */
  readonly messageSize: number
  /** Hears what a handler threw: the asker is told no more than that it failed. */
  failed(error: unknown, context: HandlerContext): void
  /** The run is over, whatever has come of it. */
  ended(context: HandlerContext): void
}

/** Runs a registered handler for a request. */
export const runHandler = async (
  registration: Registration | undefined,
  request: IncomingRequest,
  context: HandlerContext,
  host: RunHost,
): Promise<Answer> => {
  try {
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
    const run: Run = { request, context, host }
    let input = request.input
    try {
      // Only where there is a schema: a task less for every request without one.
      if (registration.input) input = await validate(registration.input, input, 'INVALID_INPUT', action)
    } catch (error) {
      host.failed(error, context)
      return refusal(error instanceof NanopeerError ? error : translate(run, error))
    }
    // Cancelled while it was admitted or validated: the handler could no longer hear of it.
    if (request.isAborted) return refusal(new NanopeerError('ABORTED', 'The request was aborted.'))
    let output: unknown
    try {
      const returned = registration.handler(input, context)
      // What is there at once takes no turn of its own.
      output = isThenable(returned) ? await returned : returned
    } catch (error) {
      return refusal(translate(run, error))
    }
    try {
      const answered = kind ?? (isBytes(output) ? 'bytes' : 'value')
      if (answered === 'media') {
        if (isMediaStream(output))
          return { kind: answered, stream: output, options: registration.media ?? {} }
        throw fail(run, 'INVALID_OUTPUT', `${subjectOf(run)} is no MediaStream.`)
      }
      if (answered === 'value') return { kind: answered, payload: encode(run, output) }
      return streamOf(run, answered, output)
    } catch (error) {
      return refusal(error instanceof NanopeerError ? error : translate(run, error))
    }
  } finally {
    host.ended(context)
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'

/** One run of a handler, and what is said of it. */
interface Run {
  readonly request: IncomingRequest
  readonly context: HandlerContext
  readonly host: RunHost
}

const report = ({ host, context }: Run, error: unknown): void => host.failed(error, context)

/** What leaves the device of an error: an ActionError as it is, our own verdicts, and of all others nothing. */
const translate = (run: Run, error: unknown): RequestError => {
  const { request } = run
  const said = isActionError(error) ? sendable(error, (cause) => report(run, cause)) : null
  if (said) return said
  if (request.isAborted) return new NanopeerError('ABORTED', 'The request was aborted.')
  report(run, error)
  return new NanopeerError('HANDLER_FAILED', `The handler of ${JSON.stringify(request.head.action)} failed.`)
}

const fail = (run: Run, code: ErrorCode, message: string, cause?: unknown): NanopeerError => {
  report(run, cause ?? new NanopeerError(code, message))
  return new NanopeerError(code, message)
}

/** How a text about what was answered begins. */
const subjectOf = ({ request }: Run): string =>
  `What the handler of ${JSON.stringify(request.head.action)} answered`

/** The asker is told that it cannot be sent; where in it and why only the device: names of fields are data, too. */
const encode = (run: Run, value: unknown): Uint8Array => {
  let payload: Uint8Array
  try {
    payload = encodeValue(value, 'INVALID_OUTPUT')
  } catch (error) {
    throw fail(run, (error as NanopeerError).code, `${subjectOf(run)} cannot be sent.`, error)
  }
  const { messageSize } = run.host
  if (payload.length <= messageSize) return payload
  throw fail(run, 'TOO_LARGE', `${subjectOf(run)} has over ${messageSize} bytes.`)
}

const streamOf = (run: Run, kind: 'bytes' | 'events', output: unknown): Answer => {
  const translated = (error: unknown) => translate(run, error)
  if (kind === 'events') {
    const latest = latestItemsOf(output)
    if (latest) return { kind: 'stream', head: null, source: latestSource(latest) }
    if (!isAsyncIterable(output)) throw fail(run, 'INVALID_OUTPUT', `${subjectOf(run)} is no AsyncIterable.`)
    const source = eventsSource(output, translated, (value) => encode(run, value))
    return { kind: 'stream', head: null, source }
  }
  if (isResponse(output) && !output.ok) {
    // Its status does not travel: the asker would take the page of an error for what was asked.
    const advice = 'which an asker would not see; throw an ActionError instead, and cancel its body'
    const message = `${subjectOf(run)} is a Response of status ${output.status}, ${advice}.`
    throw fail(run, 'INVALID_OUTPUT', message)
  }
  const bytes = openBytes(output)
  if (!bytes) {
    const message = `${subjectOf(run)} is no Response, Blob, stream, async iterable or Uint8Array.`
    throw fail(run, 'INVALID_OUTPUT', message)
  }
  const source = bytesSource(bytes.body, 'INVALID_OUTPUT', translated)
  return { kind: 'stream', head: bytes.head, source }
}
