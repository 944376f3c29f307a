import type { RTCPeerConnection as Base } from 'node-datachannel/polyfill'
import { settableAtAnyTime } from './data-channel'
import { isAnswerOfItsKind, isOpen, leavesRole, speaksFirst } from './dtls-role'

type Constructor = new (config?: RTCConfiguration) => Base

/**
 * node-datachannel's `RTCPeerConnection`, made to do what the standard says in the places that matter here.
 *
 * - It pastes TURN credentials into a URL as they are, where a colon, an at sign or a slash breaks them; time-limited
 *   TURN user names always have a colon. It also completes the given list in place.
 * - It reports round trips in milliseconds. Source: https://www.w3.org/TR/webrtc-stats/#dom-rtcicecandidatepairstats
 * - Closing a connection does not end a channel that never opened, which then keeps the process running for ever.
 * - It begins to gather candidates with the first channel, not with the local description. PeerJS makes a channel to see
 *   what is supported as soon as it is loaded, in a connection with its own TURN servers: every process would look for
 *   those, and where no DNS answers the lookup holds up all other connections.
 * - A threshold cannot be set on a channel that is gone: see `data-channel.ts`.
 * - It leaves the first packet of DTLS unread for a second where that comes before its own ICE has connected: see
 *   `dtls-role.ts`.
 */
export const standardPeerConnection = (Given: Constructor): Constructor =>
  class RTCPeerConnection extends Given {
    private readonly channels = new Set<RTCDataChannel>()
    /** Candidates wait for it. */
    private described: Promise<void> = Promise.resolve()
    private hesitates = false
    /** Called with the first candidate that comes. */
    private candidateCame: (candidate: RTCIceCandidateInit | null) => void = () => {}

    constructor(config: RTCConfiguration = {}) {
      super({ ...config, iceServers: config.iceServers?.map(encodeCredentials) ?? [] })
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit) {
      if (label === supportTest) return createStandIn(options)
      const channel = settableAtAnyTime(super.createDataChannel(label, options))
      this.channels.add(channel)
      channel.addEventListener('close', () => this.channels.delete(channel))
      return channel
    }

    override dispatchEvent(event: Event) {
      if (event.type === 'datachannel') settableAtAnyTime((event as RTCDataChannelEvent).channel)
      return super.dispatchEvent(event)
    }

    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      if (leavesRole(description)) return this.answerByWhereItIs(description)
      this.hesitates = isAnswerOfItsKind(description)
      return super.setRemoteDescription(description)
    }

    override async addIceCandidate(candidate?: RTCIceCandidateInit | null) {
      if (candidate?.candidate) this.candidateCame(candidate)
      await this.described
      if (this.hesitates) await this.checked()
      return super.addIceCandidate(candidate as RTCIceCandidate)
    }

    /** The first candidate comes with the offer; where none does, we answer as RFC 8842 recommends. */
    private answerByWhereItIs(offer: RTCSessionDescriptionInit): Promise<void> {
      const first = within<RTCIceCandidateInit | null>(null, (resolve) => {
        this.candidateCame = resolve
      })
      const set = first.then((candidate) =>
        super.setRemoteDescription(candidate && isOpen(candidate) ? speaksFirst(offer) : offer),
      )
      this.described = set
      set.catch(() => {})
      return set
    }

    /**
     * Resolves when the other end's check has come, which was on its way before its answer, or has opened its NAT by now: so
     * the order in which the two connect is the one that the roles are for.
     */
    private checked(): Promise<unknown> {
      return within(null, (resolve) => {
        const onChange = () => {
          if (this.iceConnectionState === 'checking') return
          this.removeEventListener('iceconnectionstatechange', onChange)
          resolve(null)
        }
        this.addEventListener('iceconnectionstatechange', onChange)
        onChange()
      })
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

/** How long, in ms, one end waits for what the other has sent already. */
const patience = 30

/** What `wait` resolves with, or `otherwise` after {@link patience}. */
const within = <Value>(otherwise: Value, wait: (resolve: (value: Value) => void) => void): Promise<Value> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, patience, otherwise)
    wait((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })

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
