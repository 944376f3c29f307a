import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ActionKind } from '../action'
import { ActionError, NanopeerError, type RequestError } from '../errors'
import type { RequestHead } from '../wire/request-head'
import { encodeValue } from '../wire/values'
import { type BytesHead, bytesSource, isBytes, openBytes } from './bytes'
import { eventsSource, isAsyncIterable } from './events'
import type { Source } from './sender'
import { validate } from './validate'

/** A request as it reached this device. */
export interface Incoming {
  readonly head: RequestHead
  readonly input: unknown
  readonly requestId: string
  readonly signal: AbortSignal
  readonly body: ReadableStream<Uint8Array> | undefined
}

/** What goes back. */
export type Answer =
  | { readonly kind: 'value'; readonly payload: Uint8Array }
  /** `head` is there for bytes, null for events. */
  | { readonly kind: 'stream'; readonly head: BytesHead | null; readonly source: Source }
  | { readonly kind: 'failure'; readonly error: RequestError }

/** Finds the handler, runs it, and says what to answer. Never rejects. */
export type Dispatch = (request: Incoming) => Promise<Answer>

/** A handler as it was registered. */
export interface Registration {
  /** Null where it was registered under a plain name: then it answers whatever is asked. */
  readonly kind: ActionKind | null
  readonly input: StandardSchemaV1 | undefined
  run(input: unknown, request: Incoming): unknown
}

const refusal = (error: RequestError): Answer => ({ kind: 'failure', error })

const kindNames: Record<ActionKind, string> = {
  value: 'one value: ask with action()',
  bytes: 'bytes: ask with action.bytes()',
  events: 'a series of values: ask with action.events()',
}

/**
 * Runs a registered handler for a request.
 *
 * @param report hears what a handler threw: the asker is told no more than that it failed
 */
export const runHandler = async (
  registration: Registration | undefined,
  request: Incoming,
  report: (error: unknown) => void,
): Promise<Answer> => {
  const { action, kind } = request.head
  if (!registration) {
    return refusal(
      new NanopeerError('UNKNOWN_ACTION', `This device has no handler for ${JSON.stringify(action)}.`),
    )
  }
  if (registration.kind !== null && registration.kind !== kind) {
    const message = `${JSON.stringify(action)} answers with ${kindNames[registration.kind]}.`
    return refusal(new NanopeerError('UNKNOWN_ACTION', message))
  }
  /** What leaves the device of an error: an ActionError as it is, our own verdicts, and of all others nothing. */
  const translate = (error: unknown): RequestError => {
    if (error instanceof ActionError) return sendable(error, report)
    if (request.signal.aborted) return new NanopeerError('ABORTED', 'The request was aborted.')
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
  let output: unknown
  try {
    output = await registration.run(input, request)
  } catch (error) {
    return refusal(translate(error))
  }
  try {
    return answerOf(kind, output, translate, action)
  } catch (error) {
    report(error)
    return refusal(error as NanopeerError)
  }
}

const answerOf = (
  kind: ActionKind,
  output: unknown,
  translate: (error: unknown) => RequestError,
  action: string,
): Answer => {
  if (kind === 'value') return { kind, payload: encodeValue(output, 'INVALID_OUTPUT') }
  if (kind === 'events') {
    if (isAsyncIterable(output))
      return { kind: 'stream', head: null, source: eventsSource(output, translate) }
    throw new NanopeerError('INVALID_OUTPUT', `The handler of ${action} must return an AsyncIterable.`)
  }
  const bytes = isBytes(output) ? openBytes(output) : null
  if (!bytes) {
    const wanted = 'a Response, Blob, ReadableStream or Uint8Array'
    throw new NanopeerError('INVALID_OUTPUT', `The handler of ${action} must return ${wanted}.`)
  }
  return { kind: 'stream', head: bytes.head, source: bytesSource(bytes.body, 'INVALID_OUTPUT', translate) }
}

/** An ActionError whose data cannot be sent still reaches the asker, without it. */
const sendable = (error: ActionError, report: (error: unknown) => void): ActionError => {
  try {
    encodeValue(error.data, 'INVALID_OUTPUT')
    return error
  } catch (cause) {
    report(cause)
    return new ActionError(error.code, error.message)
  }
}
