import type { Diagnosis, GatheredCandidate, IceServerReport, NatKind } from '@nanopeer/core'
import { formatMilliseconds } from './format'
import type { Tone } from './status'

/** What a diagnosis comes down to. */
export interface Verdict {
  readonly tone: Tone
  readonly title: string
  readonly text: string
}

/** One thing that a diagnosis found. */
export interface Finding {
  readonly id: string
  readonly tone: Tone | undefined
  readonly name: string
  /** In a few words or numbers. */
  readonly figures: string
  readonly text: string
  /** The addresses of this kind. */
  readonly addresses: readonly string[]
}

const natTitles: Readonly<Record<NatKind, string>> = {
  open: 'NAT: none',
  cone: 'NAT: cone',
  symmetric: 'NAT: symmetric',
  unknown: 'NAT: not known',
}

/** What to say first. */
export const verdictOf = ({ candidates, nat, servers, relay, explain }: Diagnosis): Verdict => {
  if (candidates.length === 0) return { tone: 'bad', title: 'No network', text: explain }
  const canConnect = relay || nat === 'open' || nat === 'cone'
  const isGood = canConnect && servers.every(({ works }) => works)
  return { tone: isGood ? 'good' : 'busy', title: natTitles[nat], text: explain }
}

/** What was found, under headings. */
export const sectionsOf = ({ servers, candidates }: Diagnosis) =>
  [
    { title: 'Servers', findings: servers.map(findingOfServer) },
    { title: 'Candidates', findings: kinds.map((kind) => findingOfKind(kind, candidates)) },
  ].filter(({ findings }) => findings.length > 0)

const findingOfServer = (
  { url, works, ms, errorCode, errorText, explain }: IceServerReport,
  index: number,
): Finding => ({
  // The same address may be listed twice, with other credentials.
  id: `${index} ${url}`,
  tone: works ? 'good' : 'bad',
  name: url,
  figures: works ? `works · ${formatMilliseconds(ms ?? 0)}` : describeError(errorCode, errorText),
  text: explain,
  addresses: [],
})

/** A 701 stands for no answer: browsers put only their own sentences into its text. */
const describeError = (code: number | null, text: string | null) => {
  if (code === null) return 'fails'
  return code === 701 || !text ? `error ${code}` : `error ${code} · ${text.replace(/\.$/, '')}`
}

interface Kind {
  readonly type: GatheredCandidate['type']
  readonly name: string
  readonly text: string
}

/** The others than `prflx`, which is found in a dial and never before. */
const kinds: readonly Kind[] = [
  { type: 'host', name: 'Host', text: "This device's own addresses, for others on its network." },
  { type: 'srflx', name: 'Server-reflexive', text: 'As STUN servers see this device, through its NAT.' },
  { type: 'relay', name: 'Relay', text: 'Lent by TURN servers, for where no direct path is found.' },
]

const findingOfKind = ({ type, name, text }: Kind, candidates: readonly GatheredCandidate[]): Finding => {
  const found = candidates.filter((candidate) => candidate.type === type)
  const first = Math.min(...found.map(({ ms }) => ms))
  return {
    id: type,
    tone: undefined,
    name,
    figures: found.length === 0 ? 'none' : `${found.length} · first after ${formatMilliseconds(first)}`,
    text,
    addresses: found.map(formatAddress),
  }
}

const formatAddress = ({ address, port, protocol }: GatheredCandidate) =>
  `${address.includes(':') ? `[${address}]` : address}:${port} ${protocol.toUpperCase()}`
