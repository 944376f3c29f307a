import type { Connection, HearMessage, Message } from '@nanopeer/core/adapter'
import { createMessagesViews, type MessagesArguments } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Hears messages of a device while mounted, always with the listener of the latest render.
 *
 * @param connection null means "not yet".
 * @param message made by `message()`.
 * @example
 * useMessages(connection, chat, ({ text }) => setLines((lines) => [...lines, text]))
 */
export function useMessages<Value>(
  connection: Connection | null | undefined,
  message: Message<Value>,
  listener: HearMessage<NoInfer<Value>>,
): void
/** Hears messages that have no name: those of `connection.send`, and of remotes that are not nanopeer. */
export function useMessages(connection: Connection | null | undefined, listener: HearMessage): void
export function useMessages<Value>(...given: MessagesArguments<Value>): void {
  useView(createMessagesViews<Value>, ...given)
}
