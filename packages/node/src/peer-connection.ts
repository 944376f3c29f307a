import type { RTCPeerConnection as Base } from 'node-datachannel/polyfill'

type Constructor = new (config?: RTCConfiguration) => Base

/**
 * node-datachannel's `RTCPeerConnection`, made to do what the standard says in the two places that matter here.
 *
 * - It pastes TURN credentials into a URL as they are, where a colon, an at sign or a slash breaks them; time-limited
 *   TURN user names always have a colon. It also completes the given list in place.
 * - It reports round trips in milliseconds. Source: https://www.w3.org/TR/webrtc-stats/#dom-rtcicecandidatepairstats
 */
export const standardPeerConnection = (Given: Constructor): Constructor =>
  class RTCPeerConnection extends Given {
    constructor(config: RTCConfiguration = {}) {
      super({ ...config, iceServers: config.iceServers?.map(encodeCredentials) ?? [] })
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

const encodeCredentials = ({ urls, username, credential }: RTCIceServer): RTCIceServer => ({
  urls: [urls].flat(),
  ...(username !== undefined && { username: encodeURIComponent(username) }),
  ...(credential !== undefined && { credential: encodeURIComponent(credential) }),
})
