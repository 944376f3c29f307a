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
export { type ActionArguments, type ActionView, createActionViews } from './hooks/action'
export { type ConnectionArguments, type ConnectionView, createConnectionViews } from './hooks/connection'
export {
  type ConnectionEntry,
  type ConnectionsArguments,
  type ConnectionsView,
  createConnectionsViews,
} from './hooks/connections'
export { createHandlerViews, type HandlerArguments } from './hooks/handler'
export { createMediaViews, type MediaArguments, type UseMediaOptions } from './hooks/media'
export { createMessagesViews, type HearMessage, type MessagesArguments } from './hooks/messages'
export {
  createJoinViews,
  createPairingViews,
  type JoinView,
  type PairingArguments,
  type PairingView,
} from './hooks/pairing'
export { createPeerViews, type PeerArguments, type PeerView } from './hooks/peer'
export {
  createRemoteStoreViews,
  type RemoteStoreArguments,
  type RemoteStoreView,
} from './hooks/remote-store'
export {
  createRequestViews,
  isThrown,
  type RequestArguments,
  type RequestView,
  type UseRequestOptions,
  type ValueActionLike,
} from './hooks/request'
export { createRequestsViews, type RequestsArguments, type RequestsView } from './hooks/requests'
export { createShareViews, type ShareArguments } from './hooks/share'
export { createStatsViews, type StatsArguments } from './hooks/stats'
export { currentValue, initialValue, type StoreArgument, storeOrNone } from './hooks/store'
export {
  createSubscriptionViews,
  type SubscriptionArguments,
  type UseSubscriptionOptions,
} from './hooks/subscription'
export type { View, Views } from './hooks/view'
export type { StoreContract } from './remote-store/contract'
export type { ShareOptions } from './remote-store/share'
export type { MayWrite, SettableStore } from './remote-store/shared-store'
export type { MediaActionLike, MediaState } from './request/media'
export type { RunOptions, RunResult } from './request/runner'
export type { SubscriptionState } from './request/series'
export type { Skip } from './request/skip'
export type { EventOf, EventsActionLike } from './request/subscription'
