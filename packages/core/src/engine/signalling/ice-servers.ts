import { checkIceServers } from '../../base/check-options'
import { type Clock, systemClock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import { inTime } from '../../base/in-time'
import type { IceServers } from '../../base/transport'

/** One public STUN server and no TURN: PeerJS's own default would add its TURN servers unasked. */
const defaultIceServers: readonly RTCIceServer[] = [{ urls: 'stun:stun.l.google.com:19302' }]

/**
 * Asks the option for its list, each time anew: TURN credentials expire.
 *
 * @throws `NanopeerError` `NETWORK` when the function fails, `TIMEOUT` when it does not answer, `INVALID_INPUT` when it
 *   answers something else than a list of servers.
 */
export const currentIceServers = async (
  option: IceServers,
  clock: Clock = systemClock,
): Promise<readonly RTCIceServer[]> => {
  if (typeof option !== 'function') return option
  const ask = async () => {
    try {
      return await option()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new NanopeerError('NETWORK', `The iceServers function failed: ${reason}`, { cause: error })
    }
  }
  const servers = await inTime('The iceServers function', ask, clock)
  checkIceServers(servers, 'iceServers()')
  return servers
}

/** Strangers who dial us make us ask for credentials at most this often, in ms. */
const reuse = 10_000
/** How long an offer waits for fresh credentials before it is answered with the old ones, in ms. */
const patience = 3_000

export interface IceServersSource {
  /** PeerJS reads it whenever it makes an `RTCPeerConnection`. Changed in place. */
  readonly config: RTCConfiguration
  /**
   * Asks anew, before a dial.
   *
   * @throws `NanopeerError` `NETWORK` when the function fails.
   */
  refresh(): Promise<void>
  /** Asks before an answer, unless that was just done; what fails leaves the last list in place. */
  refreshForAnswer(): Promise<void>
}

/** Keeps the configuration of future connections up to date with the `iceServers` option. */
export const createIceServers = (clock: Clock, option: IceServers = defaultIceServers): IceServersSource => {
  const config: RTCConfiguration = {
    iceServers: typeof option === 'function' ? [] : copy(option),
    // Audio and video that come later go over the transport that is there, which the handshake has seen.
    bundlePolicy: 'max-bundle',
  }
  let askedAt = Number.NEGATIVE_INFINITY

  const refresh = async () => {
    if (typeof option !== 'function') return
    askedAt = clock.now()
    config.iceServers = copy(await currentIceServers(option, clock))
  }

  return {
    config,
    refresh,
    async refreshForAnswer() {
      if (typeof option !== 'function' || clock.now() - askedAt < reuse) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(patience, resolve)
        const settle = () => {
          cancel()
          resolve()
        }
        refresh().then(settle, settle)
      })
    },
  }
}

/** A copy, because implementations may complete what they are given in place. */
const copy = (servers: readonly RTCIceServer[]): RTCIceServer[] => servers.map((server) => ({ ...server }))
