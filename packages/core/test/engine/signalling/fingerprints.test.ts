import { describe, expect, test } from 'vitest'
import { fingerprintsOf, soleFingerprint } from '../../../src/engine/signalling/fingerprints'

const hex = (byte: string) => Array.from({ length: 32 }, () => byte).join(':')
const line = (byte: string) => `a=fingerprint:sha-256 ${hex(byte)}\r\n`
const sdp = (...lines: string[]) =>
  `v=0\r\n${lines.join('')}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`

const unsupported = expect.objectContaining({ code: 'UNSUPPORTED' })

describe('the fingerprint of a description', () => {
  test('is read where there is one', () => {
    expect(soleFingerprint(sdp(line('0A')))).toEqual(new Uint8Array(32).fill(10))
    expect(soleFingerprint(sdp(line('ff').replace('sha-256', 'SHA-256')))).toEqual(
      new Uint8Array(32).fill(255),
    )
  })

  test.each([
    ['no description', undefined],
    ['none', sdp()],
    ['two', sdp(line('0A'), line('0B'))],
    ['twice the same', sdp(line('0A'), line('0A'))],
    ['one of another hash', sdp(`a=fingerprint:sha-1 ${hex('0A').slice(0, 59)}\r\n`)],
    ['one of another hash beside it', sdp(line('0A'), `a=fingerprint:sha-512 ${hex('0A')}\r\n`)],
    ['a second in another spelling', sdp(line('0A'), ` A=FingerPrint :sha-256 ${hex('0B')}\n`)],
    ['a second after a bare line feed', `${sdp(line('0A'))}\na=fingerprint:sha-256 ${hex('0B')}`],
    ['one that is too short', sdp(line('0A').replace('0A:0A\r', '0A\r'))],
    ['one that is too long', sdp(line('0A').replace('\r', ':0A\r'))],
  ])('is refused for %s', (_name, description) => {
    expect(() => soleFingerprint(description)).toThrow(unsupported)
  })
})

describe('the certificates of a connection', () => {
  const connection = (certificates: ArrayBuffer[] | undefined, remote = sdp(line('0B'))) =>
    ({
      localDescription: { sdp: sdp(line('0A')) },
      remoteDescription: { sdp: remote },
      sctp: { transport: certificates ? { getRemoteCertificates: () => certificates } : {} },
    }) as unknown as RTCPeerConnection

  test('are those in use, whatever the description says', async () => {
    const certificate = Uint8Array.of(1, 2, 3).buffer
    const { local, remote } = await fingerprintsOf(connection([certificate]))
    expect(local).toEqual(new Uint8Array(32).fill(10))
    expect(remote).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', certificate)))
  })

  test('are those of the description where the implementation knows no certificate', async () => {
    for (const given of [undefined, [new ArrayBuffer(0)]]) {
      const { remote } = await fingerprintsOf(connection(given))
      expect(remote).toEqual(new Uint8Array(32).fill(11))
      await expect(fingerprintsOf(connection(given, sdp(line('0B'), line('0C'))))).rejects.toEqual(
        unsupported,
      )
    }
  })

  test('are unknown where there is no handshake yet', async () => {
    await expect(fingerprintsOf(connection([]))).rejects.toEqual(unsupported)
  })
})
