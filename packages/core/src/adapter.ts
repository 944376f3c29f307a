export type { ReadableAtom } from 'nanostores'
export type { Skip } from './request/skip'
export type {
  EventOf,
  EventsActionLike,
  SubscriptionOptions,
  SubscriptionState,
} from './request/subscription'
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
} from './types'
export { type ActionArguments, type ActionView, createActionViews } from './views/action-view'
export { type ConnectionArguments, type ConnectionView, createConnectionViews } from './views/connection-view'
export { createHandlerViews, type HandlerArguments } from './views/handler-view'
export { createPeerViews, type PeerArguments, type PeerView } from './views/peer-view'
export {
  createRequestViews,
  type RequestArguments,
  type RequestView,
  type UseRequestOptions,
  type ValueActionLike,
} from './views/request-view'
export { createStatsViews, type StatsArguments } from './views/stats-view'
export { createSubscriptionViews, type SubscriptionArguments } from './views/subscription-view'
export type { View, Views } from './views/views'
