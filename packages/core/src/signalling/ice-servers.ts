import type { IceServers } from '../types'

/** One public STUN server and no TURN: PeerJS's own default would add its TURN servers unasked. */
export const defaultIceServers: readonly RTCIceServer[] = [{ urls: 'stun:stun.l.google.com:19302' }]

/** Asks the option for a list, each time anew: TURN credentials expire. */
export const currentIceServers = async (
  option: IceServers = defaultIceServers,
): Promise<readonly RTCIceServer[]> => (typeof option === 'function' ? await option() : option)
