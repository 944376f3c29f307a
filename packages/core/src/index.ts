export {
  type Action,
  type ActionKind,
  type ActionSchemas,
  action,
  type BytesAction,
  type BytesOutput,
  type EventsAction,
  type ValueAction,
} from './action'
export { nameCauses, type StoreAction } from './causes'
export type { Clock } from './clock'
export { diagnose } from './diagnose'
export type * from './diagnosis'
export { ActionError, type ErrorCode, NanopeerError, type RequestError } from './errors'
export { type Message, message, onMessage, sendMessage, type ValueOf } from './message'
export { createPeer, getPeer } from './peer/registry'
export { generateSecret, isSecret } from './peer/secret'
export { tabId } from './peer/tab-id'
export { createPeerjsTransport, type PeerjsTransportOptions, preload } from './peerjs-transport'
export { type StoreContract, type StoreValue, store } from './remote-store/contract'
export { listStores, type SharedStoreEntry } from './remote-store/listing'
export {
  createRemoteStore,
  type RemoteStore,
  type RemoteStoreWrites,
} from './remote-store/remote-store'
export type { RemoteStoreState } from './remote-store/replica'
export { type ShareOptions, share } from './remote-store/share'
export type { MayWrite, SettableStore, StoreWrite } from './remote-store/shared-store'
export { createRequest, invalidate, type Request, type SharedRequestOptions } from './request/request'
export { type QueryOptions, requestOptions } from './request/request-options'
export { type Skip, skip } from './request/skip'
export type * from './transport'
export type * from './types'
