import type { Hooks } from '@nanopeer/conformance'
import {
  useAction,
  useConnection,
  useConnections,
  useHandler,
  useMedia,
  useMessages,
  usePeer,
  useRemoteStore,
  useRequest,
  useRequests,
  useShare,
  useStats,
  useStore,
  useSubscription,
} from '../src'

/** In React a hook is called in every render, with the arguments of that render. */
export const hooks: Hooks = {
  rendersAnew: true,
  usePeer: (given) => Reflect.apply(usePeer, null, given()),
  useConnection: (given) => Reflect.apply(useConnection, null, given()),
  useConnections: (given) => Reflect.apply(useConnections, null, given()),
  useRequests: (given) => Reflect.apply(useRequests, null, given()),
  useMessages: (given) => Reflect.apply(useMessages, null, given()),
  useStats: (given) => Reflect.apply(useStats, null, given()),
  useRequest: (given) => Reflect.apply(useRequest, null, given()),
  useAction: (given) => Reflect.apply(useAction, null, given()),
  useSubscription: (given) => Reflect.apply(useSubscription, null, given()),
  useMedia: (given) => Reflect.apply(useMedia, null, given()),
  useRemoteStore: (given) => Reflect.apply(useRemoteStore, null, given()),
  useShare: (given) => Reflect.apply(useShare, null, given()),
  useHandler: (given) => Reflect.apply(useHandler, null, given()),
  useStore: (given) => ({ current: useStore(given()[0]) }),
}
