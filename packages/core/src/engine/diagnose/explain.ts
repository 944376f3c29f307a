import type { Diagnosis, NatKind } from '../../base/diagnosis'

const natSentences: Readonly<Record<NatKind, string>> = {
  open: 'This device has an outside address of its own: direct links work with nearly every network.',
  cone: 'This device is behind a NAT that keeps one outside address (cone): direct links work with most networks.',
  symmetric:
    'This device is behind a NAT that uses another outside port for every destination (symmetric): ' +
    'direct links fail with other such networks and with strict firewalls.',
  unknown:
    'What kind of NAT this device is behind could not be told: that takes two STUN servers that answer, on ' +
    'different hosts or ports.',
}

/** What a person should know and do, as a few sentences. */
export const explainDiagnosis = ({
  candidates,
  nat,
  servers,
  relay,
}: Pick<Diagnosis, 'candidates' | 'nat' | 'servers' | 'relay'>): string => {
  const sentences: string[] = []
  if (candidates.length === 0) {
    sentences.push(
      'No network address was gathered at all: this device is offline, or a policy, an extension or a VPN blocks WebRTC.',
    )
  } else {
    sentences.push(natSentences[nat])
  }
  for (const { url, works, explain } of servers) if (!works) sentences.push(`${url}: ${explain}`)
  if (relay) {
    sentences.push('A TURN server relays for this device, so links work where no direct path does.')
  } else if (servers.some(({ kind }) => kind === 'turn')) {
    sentences.push('No TURN server works, so two devices without a direct path cannot connect.')
  } else if (nat !== 'open') {
    sentences.push(
      'No TURN server is listed: two devices without a direct path cannot connect. Add one to iceServers.',
    )
  }
  return sentences.join(' ')
}
