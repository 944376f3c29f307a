import type { StandardSchemaV1 } from '@standard-schema/spec'
import { NanopeerError } from './errors'
import { isPrintable } from './printable'

/** What an action answers with: one value, a series of bytes, a series of values, or live audio and video. */
export type ActionKind = 'value' | 'bytes' | 'events' | 'media'

/** Standard Schemas (valibot, zod, arktype …) that both ends check: input at the device, output at the asker. */
export interface ActionSchemas {
  readonly input?: StandardSchemaV1 | undefined
  readonly output?: StandardSchemaV1 | undefined
}

/** How a media action's tracks are sent. */
export interface MediaOptions {
  /** Bits per second of each video track, at most. @default the browser's, by resolution and path */
  readonly maxBitrate?: number | undefined
  /** What the pictures or sounds are, for the encoder; a track that has its own `contentHint` keeps it. Firefox has no hints. */
  readonly contentHint?: 'motion' | 'detail' | 'text' | 'speech' | 'music' | undefined
  /** What is given up where the path or the machine is too slow. Browsers that have no choice do as they do. @default 'balanced' */
  readonly degradation?: 'balanced' | 'maintain-framerate' | 'maintain-resolution' | undefined
}

declare const types: unique symbol

/**
 * A named operation with typed input and output, shared by both sides as a value.
 *
 * With transforming schemas the asker's and the handler's types differ, hence four of them.
 */
export interface Action<
  AskInput = unknown,
  AskOutput = unknown,
  Kind extends ActionKind = ActionKind,
  HandlerInput = AskInput,
  HandlerOutput = AskOutput,
> extends ActionSchemas {
  readonly name: string
  readonly kind: Kind
  /** How the tracks of a media action are sent. */
  readonly media?: MediaOptions | undefined
  /** Types only; never there at run time. */
  readonly [types]?: {
    askInput: AskInput
    askOutput: AskOutput
    handlerInput: HandlerInput
    handlerOutput: HandlerOutput
  }
}

/** An action that answers with one value. */
export type ValueAction<I = any, O = any, HI = any, HO = any> = Action<I, O, 'value', HI, HO>
/** An action that answers with bytes; its asker gets a `Response`. */
export type BytesAction<I = any, HI = any> = Action<I, Response, 'bytes', HI, BytesOutput>
/** An action that answers with a series of values; its asker gets an `AsyncIterable`. */
export type EventsAction<I = any, O = any, HI = any, HO = any> = Action<I, O, 'events', HI, HO>
/** An action that answers with live audio and video; its asker gets a `MediaStream`. */
export type MediaAction<I = any, HI = any> = Action<I, MediaStream, 'media', HI, MediaStream>

/**
 * What a bytes handler may return. Streams and iterables (a generator, a Node `Readable`) are read no further than
 * the asker reads, and a `Response` with `content-length` gives the asker the total. Bytes are handed over, not copied, in
 * whichever form: do not write into them afterwards, or transfer them.
 */
export type BytesOutput =
  | Response
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Uint8Array

type SchemaIn<S, Untyped> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : Untyped
type SchemaOut<S, Untyped> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : Untyped

interface ActionFactory {
  /**
   * Names an action that answers with one value.
   *
   * @example
   * export const listFiles = action<{ path: string }, FileEntry[]>('files.list')
   * export const rename = action('files.rename', { input: schema, output: schema })
   *
   * @throws `NanopeerError` `INVALID_INPUT` for an empty name, one over 256 characters, one with control characters, or one
   *   that begins with `nanopeer:`.
   */
  <Input = void, Output = unknown>(name: string): Action<Input, Output, 'value'>
  <const S extends ActionSchemas>(
    name: string,
    schemas: S,
  ): Action<
    SchemaIn<S['input'], void>,
    SchemaOut<S['output'], unknown>,
    'value',
    SchemaOut<S['input'], void>,
    SchemaIn<S['output'], unknown>
  >

  /**
   * Names an action that answers with bytes: the asker gets a standard `Response`. A content type that a browser would run
   * in the page's origin (HTML, XML, SVG, scripts) is `application/octet-stream` there, and in `nanopeer-content-type`.
   *
   * @example
   * export const readFile = action.bytes<{ path: string }>('files.read')
   */
  bytes<Input = void>(name: string): Action<Input, Response, 'bytes', Input, BytesOutput>
  bytes<const S extends ActionSchemas>(
    name: string,
    schemas: S,
  ): Action<SchemaIn<S['input'], void>, Response, 'bytes', SchemaOut<S['input'], void>, BytesOutput>

  /**
   * Names an action that answers with a series of values: the asker gets an `AsyncIterable`.
   *
   * @example
   * export const tailLog = action.events<{ lines: number }, LogLine>('log.tail')
   */
  events<Input = void, Output = unknown>(name: string): Action<Input, Output, 'events'>
  events<const S extends ActionSchemas>(
    name: string,
    schemas: S,
  ): Action<
    SchemaIn<S['input'], void>,
    SchemaOut<S['output'], unknown>,
    'events',
    SchemaOut<S['input'], void>,
    SchemaIn<S['output'], unknown>
  >

  /**
   * Names an action that answers with live audio and video: handler and asker each have a `MediaStream`. Tracks that are
   * added, removed or replaced at the device later are followed.
   *
   * @example
   * export const watch = action.media<{ facing: 'user' | 'environment' }>('camera.watch', { maxBitrate: 2_000_000 })
   */
  media<Input = void>(name: string, options?: MediaOptions): MediaAction<Input, Input>
  media<const S extends StandardSchemaV1>(
    name: string,
    options: MediaOptions & { readonly input: S },
  ): MediaAction<StandardSchemaV1.InferInput<S>, StandardSchemaV1.InferOutput<S>>
}

/** Names travel with every request, so they are short. */
const maxNameLength = 256

/** Whether something may be the name of an action or a message. */
export const nameIsValid = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && name.length <= maxNameLength

/** What the names of nanopeer's own actions begin with. */
const reservedPrefix = 'nanopeer:'

/** @throws `NanopeerError` `INVALID_INPUT` for a name that only nanopeer itself may answer to. */
export const refuseReserved = (name: unknown): void => {
  if (typeof name !== 'string' || !name.startsWith(reservedPrefix)) return
  const text = `Names that begin with ${JSON.stringify(reservedPrefix)} are nanopeer's own: choose another.`
  throw new NanopeerError('INVALID_INPUT', text)
}

/** Defines an action of any name, those of nanopeer's own included. */
export const define =
  (kind: ActionKind) =>
  (name: string, schemas: ActionSchemas = {}) => {
    if (typeof name !== 'string' || name === '' || name.length > maxNameLength || !isPrintable(name)) {
      throw new NanopeerError(
        'INVALID_INPUT',
        `An action needs a name of 1 to ${maxNameLength} printable characters, such as 'files.list'.`,
      )
    }
    return Object.freeze({ name, kind, ...schemas })
  }

const defineForApps = (kind: ActionKind) => (name: string, schemas?: ActionSchemas) => {
  refuseReserved(name)
  return define(kind)(name, schemas)
}

/** What each option may be besides undefined. */
const hints = ['motion', 'detail', 'text', 'speech', 'music']
const degradations = ['balanced', 'maintain-framerate', 'maintain-resolution']

const defineMedia = (
  name: string,
  { input, maxBitrate, contentHint, degradation }: MediaOptions & Pick<ActionSchemas, 'input'> = {},
) => {
  refuseReserved(name)
  const isOneOf = (list: readonly string[], value?: string) => value === undefined || list.includes(value)
  if (!((maxBitrate ?? 1) > 0) || !isOneOf(hints, contentHint) || !isOneOf(degradations, degradation)) {
    const text =
      `${name}: maxBitrate must be a number above 0, contentHint one of ${hints.join(', ')}, ` +
      `degradation one of ${degradations.join(', ')}.`
    throw new NanopeerError('INVALID_INPUT', text)
  }
  return Object.freeze({
    ...define('media')(name, { input }),
    media: { maxBitrate, contentHint, degradation },
  })
}

export const action = Object.assign(defineForApps('value'), {
  bytes: defineForApps('bytes'),
  events: defineForApps('events'),
  media: defineMedia,
}) as unknown as ActionFactory

/** An action value, or the plain name of an untyped action. */
export const toAction = (
  given: Action<any, any, any, any, any> | string,
  kind: ActionKind = 'value',
): Action => (typeof given === 'string' ? (define(kind)(given) as Action) : given)
