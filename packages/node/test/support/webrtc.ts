import { nodeEnvironment } from '../../src/transport'

let prepared: Promise<void> | undefined

/**
 * What Node brings to PeerJS, for tests below the connection, which nobody dials again for. A dialler tells its candidates
 * once it has set the answer: libdatachannel ends a connection whose DTLS comes while that is under way, because it knows no
 * fingerprint yet, and a busy machine takes long for it (docs/decisions/0042).
 */
export const prepareWebrtc = (): Promise<void> => {
  prepared ??= prepare()
  return prepared
}

const prepare = async () => {
  await nodeEnvironment.prepare?.()
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    private readonly untold: Event[] = []
    private tells = false

    override dispatchEvent(event: Event): boolean {
      if (event.type !== 'icecandidate' || this.tells) return super.dispatchEvent(event)
      return this.untold.push(event) > 0
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await super.setRemoteDescription(description)
      this.tells = true
      for (const event of this.untold.splice(0)) super.dispatchEvent(event)
    }
  }
}
