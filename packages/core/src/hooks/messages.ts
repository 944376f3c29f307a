import type { Connection } from '../base/types'
import { type Message, onMessage } from '../connection/message'
import { acting, remember, type Views } from './view'

/** What hears a message. */
export type HearMessage<Value = unknown> = (value: Value) => void

/** What `useMessages` is called with: a listener, behind the message that it listens to, if that has a name. */
export type MessagesArguments<Value = unknown> = readonly [
  connection: Connection | null | undefined,
  message: Message<Value> | HearMessage<Value>,
  listener?: HearMessage<Value>,
]

/** What stands behind `useMessages`: listening, and the connection held, while listened to. There is nothing to see. */
export function createMessagesViews<Value>(): Views<MessagesArguments<Value>, null> {
  let latest: HearMessage<Value> = () => {}
  const hear = (value: unknown) => latest(value as Value)
  const views = remember<MessagesArguments<Value>, null, null>(
    (connection, message) => [connection ?? null, typeof message === 'function' ? null : message],
    (_shown, connection, message) =>
      acting(connection, (connection) =>
        typeof message === 'function' ? connection.onMessage(hear) : onMessage(connection, message, hear),
      ),
  )
  const commit = (...[, message, listener]: MessagesArguments<Value>) => {
    latest = typeof message === 'function' ? message : (listener ?? latest)
  }
  return { ...views, commit }
}
