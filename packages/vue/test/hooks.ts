import type { Hooks } from '@nanopeer/conformance'
import { reactive } from 'vue'
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

/** The arguments of a composable, each as a getter, but for those that are the same for ever. */
const getters = (given: () => readonly unknown[], constant: readonly number[] = []) =>
  given().map((first, index) => (constant.includes(index) ? first : () => given()[index]))

/** In Vue a composable is called once; its refs are read as fields of a reactive object. */
export const hooks: Hooks = {
  rendersAnew: false,
  usePeer: (given) => reactive(Reflect.apply(usePeer, null, getters(given))),
  usePairing: (given) => reactive(Reflect.apply(usePairing, null, getters(given))),
  useJoin: (given) => reactive(Reflect.apply(useJoin, null, getters(given))),
  useConnection: (given) => reactive(Reflect.apply(useConnection, null, getters(given))),
  useConnections: (given) => reactive(Reflect.apply(useConnections, null, getters(given))),
  useRequests: (given) => reactive(Reflect.apply(useRequests, null, getters(given))),
  useMessages: (given) => Reflect.apply(useMessages, null, getters(given, [1, 2])),
  useStats: (given) => reactive(Reflect.apply(useStats, null, getters(given))),
  useRequest: (given) => reactive(Reflect.apply(useRequest, null, getters(given, [1]))),
  useAction: (given) => reactive(Reflect.apply(useAction, null, getters(given, [1]))),
  useSubscription: (given) => reactive(Reflect.apply(useSubscription, null, getters(given, [1]))),
  useMedia: (given) => reactive(Reflect.apply(useMedia, null, getters(given, [1]))),
  useRemoteStore: (given) => reactive(Reflect.apply(useRemoteStore, null, getters(given))),
  useShare: (given) => Reflect.apply(useShare, null, getters(given, [1, 2])),
  useHandler: (given) => Reflect.apply(useHandler, null, getters(given, [1, 2])),
  useStore: (given) => reactive({ current: Reflect.apply(useStore, null, getters(given)) }),
}
