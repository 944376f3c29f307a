export type { ReadableAtom } from 'nanostores'
/** What a framework adapter is made of: for each hook, stores that decide everything. */
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
