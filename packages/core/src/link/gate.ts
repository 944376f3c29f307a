import type { Clock } from '../clock'
import { NanopeerError } from '../errors'
import type { Limits } from '../types'

/** Remotes whose dials are remembered; the oldest are forgotten first. */
const rememberedRemotes = 4096

/** Decides which links may begin a handshake at all: what a stranger can make us open has a limit. */
export class Gate {
  private handshakes = 0
  private readonly open = new Map<string, number>()
  private readonly dials = new Map<string, { since: number; count: number }>()

  constructor(
    private readonly clock: Clock,
    private readonly limits: Limits,
  ) {}

  /** Handshakes under way. */
  get census(): number {
    return this.handshakes
  }

  /** Why a link of this remote is not taken; null when it is. Counts the dial. */
  refusal(remoteId: string, sessions: number): NanopeerError | null {
    const { dialsPerMinute, handshakes, linksPerRemote } = this.limits
    if (this.countDial(remoteId) > dialsPerMinute) return overloaded(`${dialsPerMinute} links a minute`)
    if (this.handshakes >= handshakes) return overloaded(`${handshakes} handshakes at once`)
    if ((this.open.get(remoteId) ?? 0) >= linksPerRemote) return overloaded(`${linksPerRemote} links at once`)
    if (sessions >= this.limits.sessions) return overloaded(`${this.limits.sessions} remotes`)
    return null
  }

  /** A handshake begins; returns what to call when it is over. */
  enter(remoteId: string): () => void {
    this.handshakes++
    this.open.set(remoteId, (this.open.get(remoteId) ?? 0) + 1)
    return () => {
      this.handshakes--
      const left = (this.open.get(remoteId) ?? 1) - 1
      if (left > 0) this.open.set(remoteId, left)
      else this.open.delete(remoteId)
    }
  }

  private countDial(remoteId: string): number {
    const now = this.clock.now()
    const known = this.dials.get(remoteId)
    if (known && now - known.since < 60_000) return ++known.count
    this.dials.delete(remoteId)
    this.dials.set(remoteId, { since: now, count: 1 })
    if (this.dials.size > rememberedRemotes) this.dials.delete(this.dials.keys().next().value as string)
    return 1
  }
}

const overloaded = (what: string) =>
  new NanopeerError('OVERLOADED', `A link was not taken: this device allows ${what}; see \`limits\`.`)
