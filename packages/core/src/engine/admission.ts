import type { Clock } from '../base/clock'
import { NanopeerError } from '../base/errors'
import { LimitError } from '../base/limits'
import type { Link, Standing } from '../base/transport'
import type { Limits } from '../base/types'
import { Bucket } from './bucket'
import { firstToGo } from './standing'

/** Remotes whose dials are remembered; the oldest are forgotten first. */
const rememberedRemotes = 4096
/** Strangers' dials are counted over this time, ms, all of them together: ids cost nothing. */
const strangerInterval = 10_000
/** Past this many times what a remote may dial it is ignored, instead of told. */
const toldExcess = 2

/** What ends whatever was beginning when the device left. */
export const deviceLeft = () => new NanopeerError('CONNECTION_LOST', 'The device has left.')

/** A handshake under way. */
export interface Handshake {
  readonly remoteId: string
  readonly standing: Standing
  /** Our side is making up its mind about the remote, who has done its part. */
  isDecided: boolean
  giveUp(error: NanopeerError): void
}

/** Decides which links may begin a handshake at all: what a stranger can make us open has a limit. */
export class Admission {
  /** Oldest first. */
  private readonly handshakes = new Set<Handshake>()
  private readonly strangers: Bucket
  /** Dials that are told that they are not answered: one word for each, and then silence. */
  private readonly told: Bucket
  /** Dials that have proved a secret or a key, by that: whoever shares one shares its room, and takes nobody else's. */
  private readonly proved = new Map<string, Bucket>()
  private readonly standings = new WeakMap<object, Standing>()
  private readonly dials = new Map<string, { since: number; count: number }>()

  constructor(
    private readonly clock: Clock,
    private readonly limits: Limits,
  ) {
    this.strangers = this.createBucket()
    this.told = this.createBucket()
  }

  /** Counts a dial; the limit for which it is ignored, whatever it shows, or null. */
  dialled(remoteId: string): keyof Limits | null {
    return this.countDial(remoteId) > toldExcess * this.limits.dialsPerMinute ? 'dialsPerMinute' : null
  }

  /** Past this a remote's links are not taken, whoever it is. */
  isOverDials(remoteId: string): boolean {
    return (this.dials.get(remoteId)?.count ?? 0) > this.limits.dialsPerMinute
  }

  /**
   * The limit for which a dial is not even answered; null where it is.
   *
   * @param standing a remote that we have to do with, or that knows our secret, is never kept out by a flood of strangers
   * @param credential the secret, or the key, that it has proved; null where none
   */
  ignores(standing: Standing, credential: string | null): keyof Limits | null {
    if (standing === 'known') return null
    if (standing === 'proved' && credential !== null && this.bucketOf(credential).take()) return null
    return this.strangers.take() ? null : 'handshakes'
  }

  /** Whether one more that is not answered is told so. */
  tells(): boolean {
    return this.told.take()
  }

  /** What was known of a link's remote when it dialled. */
  standingOf(link: object): Standing {
    return this.standings.get(link) ?? 'stranger'
  }

  /**
   * Why a link of this remote is not taken; null when it is.
   *
   * @param hasRoom whether there are fewer sessions than so many, or will be, for one who is more than a stranger
   */
  refusal(
    link: Pick<Link, 'remoteId'>,
    standing: Standing,
    hasRoom: (sessions: number) => boolean = () => true,
  ): NanopeerError | null {
    const { remoteId } = link
    this.standings.set(link, standing)
    const { dialsPerMinute, handshakes, linksPerRemote, sessions } = this.limits
    if (this.isOverDials(remoteId)) return overloaded('dialsPerMinute', `${dialsPerMinute} links a minute`)
    const own = [...this.handshakes].filter((handshake) => handshake.remoteId === remoteId)
    if (own.length >= linksPerRemote) return overloaded('linksPerRemote', `${linksPerRemote} links at once`)
    if (this.handshakes.size >= handshakes && !this.makeRoom(standing))
      return overloaded('handshakes', `${handshakes} handshakes at once`)
    if (!hasRoom(sessions)) return overloaded('sessions', `${sessions} remotes`)
    return null
  }

  /** A handshake begins; returns what to call when it is over. */
  enter(handshake: Handshake): () => void {
    this.handshakes.add(handshake)
    return () => this.handshakes.delete(handshake)
  }

  /** The device is leaving: nobody's handshake is waited for. */
  abort(): void {
    const error = deviceLeft()
    for (const handshake of [...this.handshakes]) handshake.giveUp(error)
  }

  /**
   * An honest handshake takes a second; the oldest one that waits for its remote is the likeliest to be none. First those of
   * whom least is known, and none of whom more is known than of the newcomer. A stranger about whom somebody is being asked has
   * his place before other strangers, and before nobody else.
   */
  private makeRoom(newcomer: Standing): boolean {
    const all = [...this.handshakes]
    const waiting = all.filter(({ isDecided }) => !isDecided)
    const asked = newcomer === 'stranger' ? [] : all.filter(({ standing }) => standing === 'stranger')
    const oldest = firstToGo(waiting, newcomer) ?? asked[0]
    if (!oldest) return false
    this.handshakes.delete(oldest)
    oldest.giveUp(overloaded('handshakes', `${this.limits.handshakes} handshakes at once`))
    return true
  }

  private createBucket(): Bucket {
    return new Bucket(this.clock, this.limits.handshakes, strangerInterval)
  }

  private bucketOf(credential: string): Bucket {
    const bucket = this.proved.get(credential) ?? this.createBucket()
    this.proved.set(credential, bucket)
    return bucket
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

const overloaded = (limit: keyof Limits, what: string) =>
  new LimitError(limit, 'OVERLOADED', `A link was not taken: this device allows ${what}; see \`limits\`.`)
