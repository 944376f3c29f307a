import type { Hooks } from '@nanopeer/conformance'
import {
  useAction,
  useConnection,
  useConnections,
  useHandler,
  useJoin,
  useMedia,
  useMessages,
  usePairing,
  usePeer,
  useRemoteStore,
  useRequest,
  useRequests,
  useShare,
  useStats,
  useStore,
  useSubscription,
} from '../src'

/** The arguments of a hook, each as a getter, but for those that are the same for ever. */
const getters = (given: () => readonly unknown[], constant: readonly number[] = []) =>
  given().map((first, index) => (constant.includes(index) ? first : () => given()[index]))

/** In Svelte a hook is called once, and gives an object of getters. */
export const hooks: Hooks = {
  rendersAnew: false,
  usePeer: (given) => Reflect.apply(usePeer, null, getters(given)),
  usePairing: (given) => Reflect.apply(usePairing, null, getters(given)),
  useJoin: (given) => Reflect.apply(useJoin, null, getters(given)),
  useConnection: (given) => Reflect.apply(useConnection, null, getters(given)),
  useConnections: (given) => Reflect.apply(useConnections, null, getters(given)),
  useRequests: (given) => Reflect.apply(useRequests, null, getters(given)),
  useMessages: (given) => Reflect.apply(useMessages, null, getters(given, [1, 2])),
  useStats: (given) => Reflect.apply(useStats, null, getters(given)),
  useRequest: (given) => Reflect.apply(useRequest, null, getters(given, [1])),
  useAction: (given) => Reflect.apply(useAction, null, getters(given, [1])),
  useSubscription: (given) => Reflect.apply(useSubscription, null, getters(given, [1])),
  useMedia: (given) => Reflect.apply(useMedia, null, getters(given, [1])),
  useRemoteStore: (given) => Reflect.apply(useRemoteStore, null, getters(given)),
  useShare: (given) => Reflect.apply(useShare, null, getters(given, [1, 2])),
  useHandler: (given) => Reflect.apply(useHandler, null, getters(given, [1, 2])),
  useStore: (given) => Reflect.apply(useStore, null, getters(given)),
}
