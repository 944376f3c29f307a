import { NanopeerError } from '../../base/errors'
import { maxAllSections } from './limits'
import type { Description } from './negotiation'
import { type Outline, outlineOf, type Section } from './sections'

/** What a description of the remote is held against. */
export interface Expectations {
  /** Whether a section is one that our own tracks travel in, as the remote must know by this description. */
  isOurs(mid: string, type: Description['type']): boolean
  /** Sections that the remote may have for what it was asked. */
  readonly allowed: number
}

const isOf = (values: readonly string[], value: string | undefined) =>
  values.length > 0 && values.every((other) => other === value)

const sends = ({ direction }: Section) => direction === 'sendrecv' || direction === 'sendonly'

/**
 * Checks what a remote says of a connection that is up: it may add the tracks that it was asked for, and nothing else. The
 * connection stays the one whose certificates the handshake has seen.
 */
export class DescriptionCheck {
  private readonly first: Outline

  /** @param first the remote's description with which the connection came up */
  constructor(first: string) {
    this.first = outlineOf(first)
  }

  /** @throws `NanopeerError` `PROTOCOL` for whatever a remote of ours would not say. */
  check({ type, sdp }: Description, expected: Expectations): void {
    // Before it is taken apart: how long it may be was checked when it arrived.
    if ((sdp.match(/^m=/gm)?.length ?? 0) > maxAllSections)
      throw wrong('has more sections than were asked for')
    const outline = outlineOf(sdp)
    const { first } = this
    // Each mention: which one counts differs between browsers.
    if (!isOf(outline.fingerprints, first.fingerprints[0])) throw wrong('shows another certificate')
    const isSamePath = isOf(outline.users, first.users[0]) && isOf(outline.passwords, first.passwords[0])
    if (!isSamePath) throw wrong('restarts the connection')
    // They would have us knock at addresses of the remote's choice.
    if (outline.hasCandidates) throw wrong('brings addresses of its own')
    const { sections } = outline
    const bundle = new Set(outline.bundle)
    const [data] = sections
    const isData = data?.kind === 'application' && data.mid === first.sections[0]?.mid && !data.isRejected
    if (!isData) throw wrong('drops the data channel')
    sections.forEach(checkMedia)
    const isBundled = ({ mid, isRejected }: Section) => isRejected || (mid !== null && bundle.has(mid))
    if (!sections.every(isBundled)) throw wrong('has a section of its own transport')
    const isOurs = ({ mid }: Section) => mid !== null && expected.isOurs(mid, type)
    const media = sections.slice(1)
    if (media.some((section) => isOurs(section) && sends(section))) throw wrong('sends where we do')
    if (media.filter((section) => !isOurs(section)).length > expected.allowed) {
      throw wrong('has more sections than were asked for')
    }
  }
}

const checkMedia = ({ kind }: Section, index: number): void => {
  if (index === 0 || kind === 'audio' || kind === 'video') return
  throw wrong(`has a section for ${kind === 'application' ? 'data' : 'other things'}`)
}

const wrong = (what: string) =>
  new NanopeerError('PROTOCOL', `The remote sent a session description that ${what}.`)
