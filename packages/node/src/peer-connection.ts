import type { RTCPeerConnection as Base } from 'node-datachannel/polyfill'

type Constructor = new (config?: RTCConfiguration) => Base

/**
 * node-datachannel's `RTCPeerConnection`, made to do what the standard says in the four places that matter here.
 *
 * - It pastes TURN credentials into a URL as they are, where a colon, an at sign or a slash breaks them; time-limited
 *   TURN user names always have a colon. It also completes the given list in place.
 * - It reports round trips in milliseconds. Source: https://www.w3.org/TR/webrtc-stats/#dom-rtcicecandidatepairstats
 * - Closing a connection does not end a channel that never opened, which then keeps the process running for ever.
 * - It begins to gather candidates with the first channel, not with the local description. PeerJS makes a channel to see
 *   what is supported as soon as it is loaded, in a connection with its own TURN servers: every process would look for
 *   those, and where no DNS answers the lookup holds up all other connections.
 */
export const standardPeerConnection = (Given: Constructor): Constructor =>
  class RTCPeerConnection extends Given {
    private readonly channels = new Set<RTCDataChannel>()

    constructor(config: RTCConfiguration = {}) {
      super({ ...config, iceServers: config.iceServers?.map(encodeCredentials) ?? [] })
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit) {
      if (label === supportTest) return createStandIn(options)
      const channel = super.createDataChannel(label, options)
      this.channels.add(channel)
      channel.addEventListener('close', () => this.channels.delete(channel))
      return channel
    }

    override close() {
      for (const channel of this.channels) channel.close()
      super.close()
    }

    override async getStats() {
      const report: Map<string, { currentRoundTripTime?: number; totalRoundTripTime?: number }> =
        await super.getStats()
      for (const entry of report.values()) {
        if (entry.currentRoundTripTime) entry.currentRoundTripTime /= 1000
        if (entry.totalRoundTripTime) entry.totalRoundTripTime /= 1000
      }
      return report
    }
  }

/** What PeerJS 1.5.5 calls the channel of its test. */
const supportTest = '_PEERJSTEST'

/** As much of a channel as that test looks at. */
const createStandIn = ({ ordered = true }: RTCDataChannelInit = {}) => {
  const channel: Pick<RTCDataChannel, 'ordered' | 'binaryType' | 'close'> = {
    ordered,
    binaryType: 'arraybuffer',
    close() {},
  }
  return channel as ReturnType<Base['createDataChannel']>
}

const encodeCredentials = ({ urls, username, credential }: RTCIceServer): RTCIceServer => ({
  urls: [urls].flat(),
  ...(username !== undefined && { username: encodeURIComponent(username) }),
  ...(credential !== undefined && { credential: encodeURIComponent(credential) }),
})
