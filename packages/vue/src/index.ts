export type {
  ActionView,
  ConnectionView,
  PeerView,
  RequestView,
  RunOptions,
  RunResult,
  SubscriptionState,
  UseRequestOptions,
  UseSubscriptionOptions,
} from '@nanopeer/core/adapter'
export { useAction } from './use-action'
export { useConnection } from './use-connection'
export { useHandler } from './use-handler'
export { usePeer } from './use-peer'
export { useRequest } from './use-request'
export { useStats } from './use-stats'
export { useStore } from './use-store'
export { useSubscription } from './use-subscription'
export type { Refs } from './use-view'
