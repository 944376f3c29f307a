import { expect, test } from 'vitest'
import { outlineOf, withoutCandidates } from '../../../src/engine/media/sections'

const sdp = (...lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('')

test('an outline has the sections, and each mention of what may not change', () => {
  const outline = outlineOf(
    sdp(
      'v=0',
      'a=group:BUNDLE 0 1',
      'a=fingerprint:sha-256 AA:BB',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'a=mid:0',
      'a=ice-ufrag:me',
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'a=bundle-only',
      'a=mid:1',
      'a=recvonly',
      'm=audio 0 UDP/TLS/RTP/SAVPF 111',
      'a=mid:2',
      'a=candidate:1 1 udp 1 10.0.0.1 1 typ host',
    ),
  )
  expect(outline).toEqual({
    sections: [
      { kind: 'application', mid: '0', direction: 'sendrecv', isRejected: false },
      { kind: 'video', mid: '1', direction: 'recvonly', isRejected: false },
      { kind: 'audio', mid: '2', direction: 'sendrecv', isRejected: true },
    ],
    fingerprints: ['a=fingerprint:sha-256 aa:bb'],
    passwords: [],
    users: ['me'],
    bundle: ['0', '1'],
    hasCandidates: true,
  })
})

test('what is sent says no addresses', () => {
  const said = sdp('v=0', 'a=candidate:1 1 udp 1 10.0.0.1 1 typ host', 'a=end-of-candidates', 'a=mid:0')
  expect(withoutCandidates(said)).toBe(sdp('v=0', 'a=mid:0'))
})
