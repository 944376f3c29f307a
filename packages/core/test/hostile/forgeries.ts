/** What becomes of an honest session description. */
export type Forge = (sdp: string) => string

const section = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n`

/** Sections of audio and video that nobody has asked for: an answer may take 16. */
const manySections: Forge = (sdp) => {
  const mids = Array.from({ length: 17 }, (_, index) => `more${index}`)
  const more = mids.map((mid) => section('m=video 9 UDP/TLS/RTP/SAVPF 96', `a=mid:${mid}`, 'a=sendonly'))
  return sdp.replace(/^(a=group:BUNDLE .*)$/m, `$1 ${mids.join(' ')}`) + more.join('')
}

const line =
  (text: string): Forge =>
  (sdp) =>
    sdp.replace('m=application', `${text}\r\nm=application`)

/** Each ends the session with PROTOCOL, as an offer and as an answer. */
export const forgeries = {
  'the fingerprint of another certificate': (sdp) =>
    sdp.replace(/(a=fingerprint:sha-256 )..:..:../gi, '$1ff:ff:ff'),
  'the fingerprint of another certificate in one section': (sdp) =>
    sdp.replace(/(a=fingerprint:sha-256 )..:..:../i, '$1ff:ff:ff'),
  'a second fingerprint': line(`a=fingerprint:sha-256 ${'ff:'.repeat(31)}ff`),
  'a second fingerprint in letters that only some read': line(`a=Fingerprint:sha-1 ${'ff:'.repeat(19)}ff`),
  'no fingerprint': (sdp) => sdp.replace(/^a=fingerprint.*\r\n/gm, ''),
  'other ICE credentials': (sdp) => sdp.replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:evil'),
  'another ICE password': (sdp) => sdp.replace(/a=ice-pwd:.*/g, 'a=ice-pwd:evil-and-of-22-letters'),
  'an address to knock at': line('a=remote-candidates:1 10.0.0.1 80'),
  'more sections than were asked for': manySections,
  'a data section of its own': (sdp) =>
    sdp.replace(/^(a=group:BUNDLE .*)$/m, '$1 more') +
    section('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:more'),
  'no data section': (sdp) => sdp.replace('m=application', 'm=video'),
  'a data section that is closed': (sdp) => sdp.replace(/m=application \d+/, 'm=application 0'),
  'a section of its own transport': (sdp) => sdp.replace(/^a=group:BUNDLE .*$/m, 'a=group:BUNDLE 0'),
  'two groups': (sdp) => sdp.replace(/^(a=group:BUNDLE .*)$/m, '$1\r\n$1'),
  'a section of another kind': (sdp) => sdp.replace('m=video', 'm=text'),
  'half a mebibyte': line(`a=x:${'x'.repeat(512 * 1024)}`),
  'nothing at all': () => '',
} as const satisfies Record<string, Forge>
