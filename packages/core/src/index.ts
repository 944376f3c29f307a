export {
  type Action,
  type ActionKind,
  type ActionSchemas,
  action,
  type BytesAction,
  type BytesOutput,
  type EventsAction,
  type MediaAction,
  type MediaOptions,
  type ValueAction,
} from './base/action'
export type { Clock } from './base/clock'
export type {
  DevtoolsHook,
  DevtoolsListener,
  DevtoolsRequest,
  DevtoolsSource,
  PeerInspection,
} from './base/devtools-hook'
export type * from './base/diagnosis'
export { ActionError, type ErrorCode, NanopeerError, type RequestError } from './base/errors'
export { type Identity, isKey, type Predecessor } from './base/identity'
export type { Known, KnownRemote } from './base/known'
export type { Pairing, PairingCode, PairingState } from './base/pairing'
export { peerjsCall } from './base/peerjs-call'
export { generateSecret, isSecret } from './base/secret'
export type * from './base/transport'
export type * from './base/types'
export { nameCauses, type StoreAction } from './causes'
export { type Message, message, onMessage, sendMessage, type ValueOf } from './connection/message'
export { diagnose } from './diagnose'
export { loadIdentity } from './identity/load-identity'
export { localKnown } from './identity/local-known'
export { createPeerjsTransport, type PeerjsTransportOptions, preload } from './peer/peerjs-transport'
export { createPeer, getPeer } from './peer/registry'
export { tabId } from './peer/tab-id'
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
