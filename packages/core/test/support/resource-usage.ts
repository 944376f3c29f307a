import type { Peer } from '../../src/base/types'
import { connectionControllerOf } from '../../src/connection/controller'
import type { Conversation } from '../../src/engine/connection/conversation'
import type { EngineConnectionDriver } from '../../src/engine/connection/driver'
import { EnginePeerDriver } from '../../src/engine/peer'
import { PlainConversation } from '../../src/engine/plain/conversation'
import type { Queue } from '../../src/engine/session/queue'
import { peerControllerOf } from '../../src/peer/controller'

/** What a peer holds for its remotes. Each has a limit, and each goes back to where it was when they are gone. */
export interface ResourceUsage {
  /** Remotes it knows of. */
  readonly connections: number
  /** Sessions, live or waiting for their next link. */
  readonly sessions: number
  /** Links that have not finished their handshake. */
  readonly handshakes: number
  /** Handlers that run. */
  readonly handlers: number
  /** Requests and streams in either direction. */
  readonly streams: number
  /** Frames written, or waiting to be, that no remote has acknowledged. */
  readonly frames: number
  /** Bytes of those frames, and of answers that wait to be written. */
  readonly held: number
  /** Bytes that have arrived and wait: messages, parts of values, uploads and answers that nobody has read, inputs. */
  readonly arrived: number
  /** What of that counts among all remotes'. */
  readonly counted: number
}

/** What one conversation holds for its remote. */
export interface ConversationUsage {
  readonly streams: number
  readonly inputs: number
  readonly fragments: number
  readonly unread: number
  readonly frames: number
  readonly waiting: number
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

const sumOfQueue = <Item>(queue: Queue<Item> | undefined, of: (item: Item) => number): number => {
  let total = 0
  for (let index = 0; index < (queue?.length ?? 0); index++) total += of(queue?.at(index) as Item)
  return total
}

// Counted from outside, through what TypeScript calls private: nothing of it is needed but in tests.

const usageOfSession = ({ rpc, session }: Conversation): ConversationUsage => {
  const outgoing = rpc['outgoing'].values()
  const incoming = rpc['incoming']['calls'].values()
  const unread =
    sum(outgoing, (call) => sumOfQueue(call['incoming']?.['items'], ({ size }) => size)) +
    sum(incoming, (call) => sumOfQueue(call['upload']?.['items'], ({ size }) => size))
  return {
    streams: outgoing.length + incoming.length,
    inputs: rpc['incoming']['inputs'],
    fragments: rpc['requests'].bytes + rpc['replies'].bytes + rpc['reading'],
    unread,
    frames: session['writer'].length + session['writer'].replay.length,
    waiting: session['reader']?.bytes ?? 0,
  }
}

/** What a plain conversation holds. */
export const usageOfPlain = (conversation: PlainConversation): ConversationUsage => ({
  streams: conversation.size,
  inputs: conversation['incoming'].inputs,
  fragments: conversation['codec'].held,
  unread: sum(
    [...conversation['outgoing'].values()],
    (call) => call['earlyBytes'] + sumOfQueue(call['series']?.['chunks'], ({ length }) => length),
  ),
  frames: conversation['queue'].length,
  waiting: 0,
})

/** What a peer talks to, one a remote that it has a session with. */
const conversationsOf = (peer: Peer): (Conversation | PlainConversation)[] =>
  peerControllerOf(peer)
    .connections.all()
    .flatMap((connection) => {
      const driver = connectionControllerOf(connection.handle)['driver'] as EngineConnectionDriver
      const { conversation } = driver['current']
      return conversation ? [conversation as Conversation | PlainConversation] : []
    })

/** How many items each series holds that its reader has not been sent, the one that is half sent included. */
export const unsentItems = (peer: Peer): number[] =>
  conversationsOf(peer).flatMap((conversation) =>
    conversation instanceof PlainConversation
      ? []
      : conversation.rpc['incoming']['calls']
          .values()
          .map((call) => call['outgoing']?.['chunks'].length ?? 0),
  )

/** Counts what a peer holds now. */
export const resourceUsage = (peer: Peer): ResourceUsage => {
  const controller = peerControllerOf(peer)
  const driver = controller['driver']
  if (!(driver instanceof EnginePeerDriver)) throw new TypeError('This peer has no engine yet.')
  const sessions = conversationsOf(peer).map((conversation) =>
    conversation instanceof PlainConversation ? usageOfPlain(conversation) : usageOfSession(conversation),
  )
  return {
    connections: controller.connections.all().length,
    sessions: sessions.length,
    handshakes: driver.admission['handshakes'].size,
    handlers: driver['runner'].running,
    held: driver.held.total,
    streams: sum(sessions, ({ streams }) => streams),
    frames: sum(sessions, ({ frames }) => frames),
    counted: driver.arrived.total,
    arrived: sum(sessions, ({ fragments, unread, inputs, waiting }) => fragments + unread + inputs + waiting),
  }
}
