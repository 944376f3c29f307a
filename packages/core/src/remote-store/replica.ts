import type { Clock } from '../base/clock'
import { NanopeerError, type RequestError, verdictOf } from '../base/errors'
import type { Connection } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { RefCount } from '../ref-count'
import { readSessions, type SessionReader } from '../request/read-sessions'
import { OwnWrites, type WritesHost } from './own-writes'
import { hasFields } from './patch'
import { ToldState } from './told-state'
import {
  errorOf,
  followAction,
  type Item,
  isPatch,
  isSoundNumber,
  isSoundPatch,
  isSoundVersion,
  malformed,
  type WrittenState,
  writeAction,
} from './wire'

/** What `createRemoteStore` and `useRemoteStore` show. */
export interface RemoteStoreState<Value = unknown> {
  /** `pending` until the device has told its state; `error` where it cannot. `idle`: there is no connection yet. */
  readonly status: 'idle' | 'pending' | 'ready' | 'error'
  /** What the store holds, with own writes that are under way on top. Undefined until the device has told. */
  readonly value: Value | undefined
  /** Why the device does not tell, or why the latest own write failed; null again with the next one. */
  readonly error: RequestError | null
  /** The link is away or silent, or the device is away: `value` is what was known last. */
  readonly isStale: boolean
  /** Own writes are under way. */
  readonly isPending: boolean
}

/** What is shown before the device has told anything: on a server, and in the first client render. */
export const pendingStore: RemoteStoreState<never> = {
  status: 'pending',
  value: undefined,
  error: null,
  isStale: false,
  isPending: false,
}

/** Ms between two states of the device that are shown: a frame at 60 Hz. */
const frameTime = 17

/** Ms after which a device is asked again that shared nothing yet, or had no room. */
const retryDelay = 5000

/** Epochs that are remembered while a write is under way: a device begins another with each `share`. */
const maxPast = 100

/** Keeps a device's store here while it is held: one for all who show it at one connection. */
export class Replica implements WritesHost {
  confirmed: ToldState | null = null
  /** What was told belongs to the stream of now. */
  isLive = false
  readonly writes = new OwnWrites(this)
  private readonly clock: Clock
  private readonly messageSize: number
  private readonly refCount: RefCount
  private readonly listeners = new Set<() => void>()
  /** Epochs that are over, for writes that were made in one of them. */
  private readonly past = new Set<string>()
  private reader: SessionReader | null = null
  private stopRetry = () => {}
  private stopFrame: (() => void) | null = null
  /** The device has told something that nobody was told of here. */
  private isUntold = false
  private fault: RequestError | null = null
  private writeError: RequestError | null = null
  private shown: RemoteStoreState | null = null

  /** @param forget called when it is not held any more */
  constructor(
    private readonly connection: Connection,
    private readonly name: string,
    private readonly forget: () => void,
  ) {
    const { clock, limits } = connectionControllerOf(connection).context
    this.clock = clock
    this.messageSize = limits.messageSize
    this.refCount = new RefCount(clock, (held) => (held ? this.begin() : this.rest()))
  }

  get state(): RemoteStoreState {
    this.shown ??= this.describe()
    return this.shown
  }

  get refusal(): RequestError | null {
    return this.fault
  }

  /** Follows while it is held, and for 1 s more. Who comes after a failure asks again. */
  hold(changed: () => void = () => {}, immediately = true): () => void {
    const listener = () => changed()
    this.listeners.add(listener)
    const release = this.refCount.add(immediately)
    if (this.reader?.isReading === false) this.reader.run()
    return () => {
      this.listeners.delete(listener)
      release()
    }
  }

  isPast(epoch: string): boolean {
    return this.past.has(epoch)
  }

  send(writes: readonly WrittenState[]) {
    return this.connection.request(writeAction, { name: this.name, writes })
  }

  wrote(error: RequestError | null): void {
    this.writeError = error
    this.changed()
  }

  changed(): void {
    this.shown = null
    this.isUntold = false
    if (this.writes.length === 0) this.past.clear()
    for (const listener of [...this.listeners]) listener()
  }

  private begin(): void {
    this.reader = readSessions(this.connection, (signal) => this.follow(signal), {
      began: () => {
        this.stopRetry()
        this.fault = null
        this.changed()
      },
      // It never ends without a reason: see follow().
      ended: (error) => this.ended(error as RequestError),
      statusChanged: () => this.changed(),
    })
  }

  private rest(): void {
    this.stopRetry()
    this.stopFrame?.()
    this.stopFrame = null
    this.reader?.stop()
    this.reader = null
    this.isLive = false
    this.forget()
    this.changed()
  }

  private ended(error: RequestError): void {
    this.failed(error)
    // Nobody tells when a device shares its first store.
    if (error.code === 'UNKNOWN_ACTION' || error.code === 'OVERLOADED') {
      this.stopRetry = this.clock.after(retryDelay, () => this.reader?.run())
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const items = await this.connection.request(followAction, this.name, { signal, timeout: 0 })
    let isFirst = true
    for await (const item of items) {
      if (signal.aborted) return
      this.receive(item, isFirst)
      isFirst = false
    }
    throw new NanopeerError('CONNECTION_LOST', 'The device has stopped telling of the store.')
  }

  private receive(told: unknown, isFirst: boolean): void {
    if (!hasFields(told)) throw malformed()
    const item: Item = told as unknown as Item
    if ('fault' in item) return this.failed(errorOf(item.fault))
    const { confirmed } = this
    if (isPatch(item)) {
      const isSound = this.isLive && isSoundNumber(item.n) && isSoundPatch(item)
      if (!confirmed || !isSound) throw malformed()
      confirmed.patch(item)
    } else {
      if (!isSoundVersion(item)) throw malformed()
      if (confirmed && confirmed.epoch !== item.epoch) this.hasEnded(confirmed.epoch)
      this.confirmed = new ToldState(item, this.messageSize)
    }
    this.isLive = true
    this.fault = null
    if (isFirst) this.writes.restarted()
    this.writes.told()
    this.heard()
  }

  /** What was written in it will not come back by the stream. */
  private hasEnded(epoch: string): void {
    if (this.writes.length > 0) this.past.add(epoch)
    const [oldest] = this.past
    if (oldest !== undefined && this.past.size > maxPast) this.past.delete(oldest)
  }

  /**
   * What is told is shown at once, and what follows within a frame together: a listener that takes its time is given the
   * state of then, not every one that has arrived meanwhile.
   */
  private heard(): void {
    this.shown = null
    this.isUntold = true
    if (!this.stopFrame) this.show()
  }

  private show(): void {
    this.stopFrame = null
    if (!this.isUntold) return
    this.changed()
    this.stopFrame = this.clock.after(frameTime, () => this.show())
  }

  private failed(error: RequestError): void {
    this.isLive = false
    this.fault = error
    this.writes.failed(error)
    this.heard()
  }

  private describe(): RemoteStoreState {
    const { confirmed, fault, writes } = this
    // What passes by itself is no more than stale, where there is something to show.
    const isPassing = fault?.name === 'NanopeerError' && verdictOf(fault).isPassing && confirmed !== null
    const why = isPassing ? null : fault
    return {
      status: why ? 'error' : confirmed ? 'ready' : 'pending',
      value: confirmed ? writes.over(confirmed.value) : undefined,
      error: why ?? this.writeError,
      isStale: confirmed !== null && !(this.isLive && this.connection.$status.value?.state === 'open'),
      isPending: writes.length > 0,
    }
  }
}
