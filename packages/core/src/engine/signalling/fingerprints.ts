import { NanopeerError } from '../../base/errors'

const unknown = (reason: string) =>
  new NanopeerError(
    'UNSUPPORTED',
    `The certificates of this link cannot be known for certain (${reason}), so it cannot be authenticated.`,
  )

/**
 * The one SHA-256 fingerprint that a description holds.
 *
 * Given two `a=fingerprint` lines, browsers differ in which one they verify, so a relay could show one and use the
 * other: any second mention, whatever its form, is refused. With a single line every implementation must verify the
 * certificate against it. Source: https://www.rfc-editor.org/rfc/rfc8122#section-5
 *
 * @throws `NanopeerError` `UNSUPPORTED` for none, several, or another hash.
 */
export const soleFingerprint = (sdp: string | undefined): Uint8Array => {
  const mentions = sdp?.match(/fingerprint/gi)?.length ?? 0
  if (mentions === 0) throw unknown('no fingerprint')
  if (mentions > 1) throw unknown('several fingerprints')
  const hex = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})\s*$/im.exec(sdp ?? '')?.[1]
  if (!hex) throw unknown('a fingerprint that is not SHA-256')
  return Uint8Array.from(hex.split(':'), (byte) => Number.parseInt(byte, 16))
}

/**
 * SHA-256 of both certificates in use: ours from our own description, the remote's from the DTLS transport, or,
 * where that tells nothing (libdatachannel, Firefox), from the sole fingerprint of its description.
 *
 * @throws `NanopeerError` `UNSUPPORTED` where they cannot be known for certain.
 */
export const fingerprintsOf = async (
  peerConnection: RTCPeerConnection,
): Promise<{ local: Uint8Array; remote: Uint8Array }> => {
  const local = soleFingerprint(peerConnection.localDescription?.sdp)
  const transport = peerConnection.sctp?.transport
  if (typeof transport?.getRemoteCertificates !== 'function') {
    return { local, remote: soleFingerprint(peerConnection.remoteDescription?.sdp) }
  }
  const [certificate] = transport.getRemoteCertificates()
  if (!certificate) throw unknown('no remote certificate')
  // Nothing to hash, or nothing to hash with: an insecure origin has no WebCrypto.
  if (certificate.byteLength === 0 || !globalThis.crypto?.subtle) {
    return { local, remote: soleFingerprint(peerConnection.remoteDescription?.sdp) }
  }
  return { local, remote: new Uint8Array(await crypto.subtle.digest('SHA-256', certificate)) }
}
