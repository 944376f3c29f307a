import type { RequestError } from '../base/errors'
import { encodeValue } from '../codec/write'
import { copyOf } from '../request/asked'
import { diff, hasFields, patched } from './patch'
import {
  type Confirmed,
  errorOf,
  isPatch,
  isSoundVersion,
  malformed,
  maxBatchLength,
  type Version,
  type WriteOutcome,
  type WrittenState,
} from './wire'

/** What own writes need of the store that they write. */
export interface WritesHost {
  /** Null until the device has told. */
  readonly confirmed: Confirmed | null
  /** Whether that is what the device says now. */
  readonly isLive: boolean
  /** Why the device tells nothing, while it is followed. */
  readonly refusal: RequestError | null
  /** True for an epoch that was followed once and is over. */
  isPast(epoch: string): boolean
  send(writes: readonly WrittenState[]): Promise<readonly WriteOutcome[]>
  /** What is under way is something else. */
  changed(): void
  /** A write began, or failed. */
  wrote(error: RequestError | null): void
  /** Holds the store until the undo is called. */
  hold(): () => void
}

/** One write that the device has not settled, or whose result has not come back by the stream. */
interface OwnWrite {
  /** What the app's function makes of a state; null for one that is the same on any state. */
  readonly change: ((now: unknown) => unknown) | null
  /** What is sent. Made of the device's state where there is a function; null until then. */
  state: WrittenState | null
  readonly size: number
  readonly resolve: () => void
  readonly reject: (error: RequestError) => void
  isSent: boolean
  /** The version that it became. */
  became: Version | null
  tries: number
  /** The version on which it met a conflict. */
  metAt: Version | null
}

/** How often one that compares is made again on another state. */
const maxTries = 5
/** Writes that wait go together, so many bytes of them, and {@link maxBatchLength}. */
const maxBatch = 256 * 1024

/** The writes of this side, in their order: one message at a time, and what waits meanwhile in the next. */
export class OwnWrites {
  private list: readonly OwnWrite[] = []
  private isSending = false

  constructor(private readonly host: WritesHost) {}

  get length(): number {
    return this.list.length
  }

  /** The state with what is under way on top. */
  over(value: unknown): unknown {
    return this.list.reduce((before, { change, state }) => {
      // The function is not called on a state that may have its result already: streams and answers travel apart.
      if (state) return isPatch(state) ? patched(before, state) : state.value
      try {
        return change?.(before)
      } catch {
        // Whoever gave the function hears of it when it is this write's turn.
        return before
      }
    }, value)
  }

  set(value: unknown): Promise<void> {
    return this.add({ value })
  }

  setKey(key: string, value: unknown): Promise<void> {
    return this.add(value === undefined ? { set: {}, gone: [key] } : { set: { [key]: value }, gone: [] })
  }

  update(change: (now: unknown) => unknown): Promise<void> {
    return this.add(null, change)
  }

  /** The device has told something: what has come back with it is shown by itself now. */
  told(): void {
    const { host } = this
    const { confirmed } = host
    if (confirmed) {
      this.list = this.list.filter(({ became }) => {
        if (!became) return true
        return became.epoch === confirmed.epoch ? became.n > confirmed.n : !host.isPast(became.epoch)
      })
    }
    this.pump()
  }

  /** What is told from now on was so after everything that the device has answered. */
  restarted(): void {
    this.list = this.list.filter(({ became }) => !became)
  }

  /** Nothing is told any more: what is sent hears by itself how it ended, and what waits is given up. */
  failed(error: RequestError): void {
    const waiting = this.list.filter(({ became, isSent }) => !became && !isSent)
    this.list = this.list.filter(({ isSent }) => isSent)
    for (const { reject } of waiting) reject(error)
    if (waiting.length > 0) this.host.wrote(error)
  }

  private add(given: OwnWrite['state'], change: OwnWrite['change'] = null): Promise<void> {
    const settled = new Promise<void>((resolve, reject) => {
      const size = given ? encodeValue(given, 'INVALID_INPUT').length : 0
      // Behind that: what cannot be sent may have no end.
      const state = copyOf(given) as OwnWrite['state']
      const began = { isSent: false, became: null, tries: 0, metAt: null }
      this.list = [...this.list, { change, state, size, resolve, reject, ...began }]
      this.host.wrote(null)
    })
    const release = this.host.hold()
    settled.then(release, (error: RequestError) => {
      this.host.wrote(error)
      release()
    })
    this.pump()
    return settled
  }

  private pump(): void {
    const { confirmed, isLive, refusal } = this.host
    if (refusal) this.failed(refusal)
    if (this.isSending || !confirmed || !isLive) return
    const first = this.list.find(({ became }) => !became)
    if (!first) return
    if (!first.change) void this.send(this.batch())
    // Made of the device's own state, when all that came before it is part of that.
    else if (this.list[0] === first && !(first.metAt && isSameVersion(first.metAt, confirmed))) {
      this.compare(first, confirmed)
    }
  }

  /** Those that go together now. */
  private batch(): OwnWrite[] {
    const batch: OwnWrite[] = []
    let size = 0
    for (const write of this.list) {
      if (write.became) continue
      size += write.size
      const isFull = batch.length > 0 && (batch.length === maxBatchLength || size > maxBatch)
      if (write.change || isFull) break
      batch.push(write)
    }
    return batch
  }

  private compare(write: OwnWrite, { epoch, n, value }: Confirmed): void {
    write.metAt = { epoch, n }
    try {
      const next = write.change?.(value)
      write.state = { ...(diff(value, next) ?? { value: next }), at: write.metAt }
      encodeValue(write.state, 'INVALID_INPUT')
      void this.send([write])
    } catch (error) {
      this.drop(write, error as RequestError)
    }
  }

  private async send(writes: readonly OwnWrite[]): Promise<void> {
    this.isSending = true
    for (const write of writes) {
      write.isSent = true
      write.tries++
    }
    try {
      const outcomes = await this.host.send(writes.map(({ state }) => state as WrittenState))
      const isSound =
        Array.isArray(outcomes) && outcomes.length === writes.length && outcomes.every(hasFields)
      if (!isSound) throw malformed()
      writes.forEach((write, index) => {
        this.settle(write, outcomes[index] as WriteOutcome)
      })
    } catch (error) {
      for (const write of writes) this.drop(write, error as RequestError)
    }
    this.isSending = false
    this.told()
    this.host.changed()
  }

  private settle(write: OwnWrite, outcome: WriteOutcome): void {
    write.isSent = false
    if (!('fault' in outcome)) {
      if (!isSoundVersion(outcome)) return this.drop(write, malformed())
      write.became = outcome
      return write.resolve()
    }
    const error = errorOf(outcome.fault)
    const isAgain = write.change && error.code === 'CONFLICT' && write.tries < maxTries
    if (isAgain) write.state = null
    else this.drop(write, error)
  }

  private drop(write: OwnWrite, error: RequestError): void {
    this.list = this.list.filter((other) => other !== write)
    write.reject(error)
  }
}

const isSameVersion = (a: Version, b: Version): boolean => a.epoch === b.epoch && a.n === b.n
