import type { Connection, HearMessage, Message } from '@nanopeer/core/adapter'
import { createMessagesViews, type MessagesArguments } from '@nanopeer/core/adapter'
import { type Given, type MaybeGetter, useView } from './use-view'

/**
 * Hears messages of a device while mounted. The listener reads runes when it runs, and so always those of now.
 *
 * @param connection null means "not yet".
 * @param message made by `message()`.
 * @example
 * useMessages(() => nas.connection, chat, ({ text }) => lines.push(text))
 */
export function useMessages<Value>(
  connection: MaybeGetter<Connection | null | undefined>,
  message: Message<Value>,
  listener: HearMessage<NoInfer<Value>>,
): void
/** Hears messages that have no name: those of `connection.send`, and of remotes that are not nanopeer. */
export function useMessages(
  connection: MaybeGetter<Connection | null | undefined>,
  listener: HearMessage,
): void
export function useMessages<Value>(...[connection, message, hear]: Given<MessagesArguments<Value>>): void {
  // A function is what hears, and no getter.
  useView(createMessagesViews<Value>, connection, () => message, hear && (() => hear))
}
