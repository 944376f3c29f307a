/** A section (`m=` and what belongs to it) of a session description. Source: https://www.rfc-editor.org/rfc/rfc8866 */
export interface Section {
  readonly kind: string
  readonly mid: string | null
  readonly direction: RTCRtpTransceiverDirection
  /** Port 0, and not merely bundled: it carries nothing, for good. */
  readonly isRejected: boolean
}

/** What is looked at of a session description. */
export interface Outline {
  readonly sections: readonly Section[]
  /** Each line that speaks of a certificate's fingerprint, session-wide or in a section; and each ICE password and user. */
  readonly fingerprints: readonly string[]
  readonly passwords: readonly string[]
  readonly users: readonly string[]
  /** Mids that share the one transport; null where there is no such group, or several. */
  readonly bundle: readonly string[] | null
  readonly hasCandidates: boolean
}

const directions: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']

const sectionOf = (lines: readonly string[]): Section => {
  const [head = '', ...rest] = lines
  const [kind = '', port = ''] = head.slice(2).split(' ')
  const attribute = (name: string) =>
    rest.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3)
  const direction = rest
    .map((line) => line.slice(2))
    .filter((name) => directions.includes(name))
    .at(-1)
  return {
    kind,
    mid: attribute('mid') ?? null,
    direction: (direction ?? 'sendrecv') as RTCRtpTransceiverDirection,
    isRejected: port === '0' && !rest.includes('a=bundle-only'),
  }
}

/** Whatever the letters' case: browsers differ in what they take. */
const valuesIn = (lines: readonly string[], name: string): string[] =>
  lines
    .filter((line) => line.toLowerCase().startsWith(`a=${name}:`))
    .map((line) => line.slice(name.length + 3).trim())

/** Takes a description apart, as far as it is looked at. Anything is a description of something. */
export const outlineOf = (sdp: string): Outline => {
  const lines = sdp.split(/\r\n|\r|\n/)
  const sections: string[][] = []
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([line])
    else sections.at(-1)?.push(line)
  }
  const groups = valuesIn(lines, 'group').filter((group) => group.startsWith('BUNDLE'))
  return {
    sections: sections.map(sectionOf),
    // Whatever else names one is shown, too, and is none that was seen before.
    fingerprints: lines.filter((line) => /fingerprint/i.test(line)).map((line) => line.trim().toLowerCase()),
    passwords: valuesIn(lines, 'ice-pwd'),
    users: valuesIn(lines, 'ice-ufrag'),
    bundle: groups.length === 1 ? (groups[0] as string).split(' ').slice(1) : null,
    hasCandidates: lines.some((line) => /^a=(?:remote-)?candidate/i.test(line)),
  }
}

/** The description without addresses: both sides know the way already, and it says nothing else about this machine. */
export const withoutCandidates = (sdp: string): string =>
  sdp.replace(/^a=(?:candidate:|end-of-candidates).*(?:\r\n|\n)/gm, '')
