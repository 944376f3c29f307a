export type {
  ActionView,
  ConnectionEntry,
  ConnectionsView,
  ConnectionView,
  HearMessage,
  JoinView,
  MediaState,
  PairingView,
  PeerView,
  RemoteStoreView,
  RequestsView,
  RequestView,
  RunOptions,
  RunResult,
  SubscriptionState,
  UseMediaOptions,
  UseSubscriptionOptions,
} from '@nanopeer/core/adapter'
export { useAction } from './use-action'
export { useConnection } from './use-connection'
export { useConnections } from './use-connections'
export { useHandler } from './use-handler'
export { useJoin } from './use-join'
export { useMedia } from './use-media'
export { useMessages } from './use-messages'
export { usePairing } from './use-pairing'
export { usePeer } from './use-peer'
export { useRemoteStore } from './use-remote-store'
export { type UseRequestOptions, useRequest } from './use-request'
export { useRequests } from './use-requests'
export { useShare } from './use-share'
export { useStats } from './use-stats'
export { useStore } from './use-store'
export { useSubscription } from './use-subscription'
