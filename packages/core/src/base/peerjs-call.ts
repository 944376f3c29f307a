import { action } from './action'

/**
 * A call of PeerJS's own, as a media action: `peer.call(id, stream)` of a PeerJS client asks a handler of it for what the
 * client is shown, and asking for it over a connection with `protocol: 'plain'` or `'envelope'` calls the client, or gives
 * what it shows in the call that is under way. Its input is the `metadata` of the call.
 *
 * @example
 * peer.handle(peerjsCall, () => navigator.mediaDevices.getUserMedia({ video: true }))
 * const stream = await peer.connect('page', { protocol: 'plain' }).request(peerjsCall)
 */
export const peerjsCall = /* #__PURE__ */ action.media<unknown>('peerjs.call')
