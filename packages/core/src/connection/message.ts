import type { StandardSchemaV1 } from '@standard-schema/spec'
import { nameIsValid } from '../base/action'
import { NanopeerError } from '../base/errors'
import { LimitError } from '../base/limits'
import type { Connection } from '../base/types'
import { validate } from '../base/validate'
import { throwLater } from '../store'
import { connectionControllerOf } from './controller'
import { sealEnvelope } from './envelope'
import { keptBytes, keptMessages } from './messages'

declare const type: unique symbol

/** A named message with a typed value, shared by both sides as a value. */
export interface Message<Value = unknown> {
  readonly name: string
  readonly schema?: StandardSchemaV1 | undefined
  /** Types only; never there at run time. */
  readonly [type]?: Value
}

/** What a message carries. */
export type ValueOf<M> = M extends Message<infer Value> ? Value : never

interface MessageFactory {
  <Value = unknown>(name: string): Message<Value>
  <const Schema extends StandardSchemaV1>(
    name: string,
    options: { readonly schema: Schema },
  ): Message<StandardSchemaV1.InferOutput<Schema>>
}

/**
 * Names a message: it needs no answer, and whoever listens to its name hears it.
 *
 * @param options a Standard Schema (valibot, zod, arktype …), by which what arrives is checked
 * @throws `NanopeerError` `INVALID_INPUT` for an empty name or one over 256 characters.
 * @example
 * export const chat = message<{ text: string }>('chat')
 */
export const message: MessageFactory = (
  name: string,
  options: { readonly schema?: StandardSchemaV1 } = {},
): Message<never> => {
  if (!nameIsValid(name)) {
    const text = "A message needs a name of 1 to 256 characters, such as 'chat'."
    throw new NanopeerError('INVALID_INPUT', text)
  }
  return Object.freeze({ name, schema: options.schema })
}

/**
 * Sends a named message. Resolves when it was written to the link.
 *
 * @throws `NanopeerError` as `connection.send` does; `UNSUPPORTED` where the remote is not nanopeer and knows no names:
 *   `connection.send` reaches it.
 */
export async function sendMessage<Value>(
  connection: Connection,
  { name }: Message<Value>,
  value: NoInfer<Value>,
): Promise<void> {
  if (connectionControllerOf(connection).isPlain) {
    const text = 'A remote that is not nanopeer knows no named messages; connection.send() reaches it.'
    throw new NanopeerError('UNSUPPORTED', text)
  }
  await connection.send(sealEnvelope(name, value))
}

/**
 * Hears the messages of one name, in order; those that came before the first listener, too. Holds the connection, as
 * `connection.onMessage` does. What does not match the schema is dropped, and so is what comes while 1000 messages, or 4 MiB of
 * them, wait for a schema that takes its time; the peer's `onError` hears of both.
 *
 * @returns the undo.
 */
export function onMessage<Value>(
  connection: Connection,
  { name, schema }: Message<Value>,
  listener: (value: Value) => void,
): () => void {
  const controller = connectionControllerOf(connection)
  if (!schema) return controller.onMessage(listener as (value: unknown) => void, name)
  let isOver = false
  let before: Promise<void> = Promise.resolve()
  let unchecked = 0
  let uncheckedBytes = 0
  /** Told once until all are checked. */
  let isReported = false
  /** Whether too much waited as this turn began: what comes in one turn cannot be checked before its end. */
  let isFull: boolean | null = null
  const check = async (value: unknown) => {
    try {
      const checked = await validate(schema, value, 'INVALID_INPUT', name)
      if (!isOver) listener(checked as Value)
    } catch (error) {
      if (error instanceof NanopeerError) controller.report(error)
      else throwLater(error)
    }
  }
  const unlisten = controller.onMessage((value, weight) => {
    if (isFull === null) {
      isFull = unchecked >= keptMessages || uncheckedBytes >= keptBytes
      queueMicrotask(() => {
        isFull = null
      })
    }
    if (isFull) {
      if (!isReported) controller.report(dropped(name))
      isReported = true
      return
    }
    unchecked++
    uncheckedBytes += weight
    // A schema may take its time over one and not over the next.
    before = before
      .then(() => check(value))
      .then(() => {
        unchecked--
        uncheckedBytes -= weight
        if (unchecked === 0) isReported = false
      })
  }, name)
  return () => {
    isOver = true
    unlisten()
  }
}

const dropped = (name: string) =>
  new LimitError(
    'unreadMessages',
    'OVERLOADED',
    `Messages ${JSON.stringify(name)} are dropped: they come faster than their schema answers.`,
  )
