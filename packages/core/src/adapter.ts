export type { ReadableAtom } from 'nanostores'
export type { RequestError } from './base/errors'
export type {
  ActionLike,
  AnswerOf,
  Connection,
  ConnectionStats,
  ConnectOptions,
  Handler,
  InputArguments,
  InputOf,
  Peer,
  PeerOptions,
  RunActionLike,
} from './base/types'
export type { Message } from './connection/message'
export type * from './hook-types'
export { type ActionArguments, createActionViews } from './hooks/action'
export { type ConnectionArguments, createConnectionViews } from './hooks/connection'
export { type ConnectionsArguments, createConnectionsViews } from './hooks/connections'
export { createHandlerViews, type HandlerArguments } from './hooks/handler'
export { createMediaViews, type MediaArguments } from './hooks/media'
export { createMessagesViews, type MessagesArguments } from './hooks/messages'
export { createJoinViews, createPairingViews, type PairingArguments } from './hooks/pairing'
export { createPeerViews, type PeerArguments } from './hooks/peer'
export { createRemoteStoreViews, type RemoteStoreArguments } from './hooks/remote-store'
export { createRequestViews, isThrown, type RequestArguments, type ValueActionLike } from './hooks/request'
export { createRequestsViews, type RequestsArguments } from './hooks/requests'
export { createShareViews, type ShareArguments } from './hooks/share'
export { createStatsViews, type StatsArguments } from './hooks/stats'
export { currentValue, initialValue, type StoreArgument, storeOrNone } from './hooks/store'
export { createSubscriptionViews, type SubscriptionArguments } from './hooks/subscription'
export { bindViews, type View, type Views } from './hooks/view'
export type { StoreContract } from './remote-store/contract'
export type { ShareOptions, StoreAndOptions } from './remote-store/share'
export type { MayWrite, SettableStore } from './remote-store/shared-store'
export type { MediaActionLike } from './request/media'
export type { Skip } from './request/skip'
export type { EventOf, EventsActionLike } from './request/subscription'
