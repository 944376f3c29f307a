import { NanopeerError } from '../base/errors'
import type { LatestItems } from '../base/latest-items'
import { encodeFault, type SharedStore, type Told } from './shared-store'

/** A state that was told so many changes ago is kept for nobody: who reads no more could else have any number of them kept. */
const rememberedChanges = 1000

/** One who follows a store: what was written to it last, and never more than one state besides. */
export class Follower implements LatestItems {
  isDue = true
  private told: Told | null = null
  private changed = () => {}

  /**
   * @param find the store that is shared under the name now
   * @param stopped called once nobody follows any more
   */
  constructor(
    private readonly name: string,
    private readonly find: () => SharedStore | undefined,
    private readonly stopped: () => void,
  ) {}

  /** The state is another one, or none, or there again. */
  look(): void {
    const { told } = this
    const shared = this.find()
    if (told && (shared?.epoch !== told.epoch || shared.n - told.n > rememberedChanges)) this.told = null
    this.isDue = true
    this.changed()
  }

  start(changed: () => void): void {
    this.changed = changed
  }

  stop(): void {
    this.isDue = false
    this.changed = () => {}
    this.stopped()
  }

  take(): Uint8Array | null {
    if (!this.isDue) return null
    this.isDue = false
    const shared = this.find()
    if (!shared) {
      this.told = null
      return encodeFault(notShared(this.name))
    }
    const { now } = shared
    if (now.epoch === this.told?.epoch && now.n === this.told.n) return null
    const { payload, isFault } = shared.itemAfter(this.told)
    this.told = isFault ? null : now
    return payload
  }
}

/** What is said of a name under which nothing is shared now. */
export const notShared = (name: string): NanopeerError =>
  new NanopeerError(
    'UNKNOWN_ACTION',
    `This device shares no store ${JSON.stringify(name.slice(0, 256))} now.`,
  )
