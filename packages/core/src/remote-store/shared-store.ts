import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ReadableAtom } from 'nanostores'
import { v4 as uuid } from 'uuid'
import type { Clock } from '../base/clock'
import { NanopeerError, type RequestError } from '../base/errors'
import type { Remote } from '../base/types'
import { encodeValue } from '../codec/write'
import { checkSize } from '../connection/calls'
import { diff, type Patch } from './patch'
import { faultOf, type Item, type Version } from './wire'

/** A write that somebody asks for. */
export interface StoreWrite<Value = unknown> {
  /** Who asks, and what was proved. */
  readonly remote: Remote
  /** What the store holds now. */
  readonly now: Value
  /** What it would hold, checked by the schema. */
  readonly next: Value
  /** The fields of the top level that would change; null where the state has none, or is replaced by one that has none. */
  readonly keys: readonly (keyof Value & string)[] | null
}

/**
 * Says whether a write may be made. What it throws is no yes: an `ActionError` is told as it is; nor is what it has not said
 * within 10 s.
 */
export type MayWrite<Value = unknown> = (write: StoreWrite<Value>) => boolean | Promise<boolean>

/** A store that can be set. */
export interface SettableStore<Value> extends ReadableAtom<Value> {
  set(value: Value): void
}

/** What a shared store needs of its peer. */
export interface SharingHost {
  readonly clock: Clock
  /** The largest item, bytes. */
  readonly limit: number
  /** Hears why a state cannot be sent. */
  report(error: unknown): void
  changed(): void
}

/** A state as a follower was told of it last. */
export interface Told extends Version {
  readonly value: unknown
}

/** What a follower is told next: a fault tells of no state. */
interface Encoded {
  readonly payload: Uint8Array
  readonly isFault: boolean
}

/** One store while it is shared: its versions, and each change encoded once for all who follow. */
export class SharedStore {
  readonly epoch = uuid()
  n = 0
  isOver = false
  /** Of the version of now, by what they start from: a version, or nothing. */
  private readonly encoded = new Map<number | null, Encoded>()
  /** No state is larger than this, bytes: what it weighed last as a whole, and all that has been told since. */
  private bound = 0
  private readonly unlisten: () => void

  constructor(
    readonly name: string,
    readonly schema: StandardSchemaV1 | undefined,
    readonly $store: SettableStore<unknown>,
    readonly mayWrite: MayWrite | undefined,
    private readonly host: SharingHost,
  ) {
    // Listened to, and so at work, for as long as it is shared: its changes are counted.
    this.unlisten = $store.listen(() => {
      this.n++
      this.encoded.clear()
      host.changed()
    })
  }

  get now(): Told {
    return { epoch: this.epoch, n: this.n, value: this.$store.value }
  }

  /** What makes the state of now of what was told before. */
  itemAfter(told: Told | null): Encoded {
    const base = told?.epoch === this.epoch ? told : null
    const key = base?.n ?? null
    const known = this.encoded.get(key)
    if (known) return known
    const made = this.encode(base)
    this.encoded.set(key, made)
    return made
  }

  get clock(): Clock {
    return this.host.clock
  }

  report(error: unknown): void {
    this.host.report(error)
  }

  end(): void {
    this.isOver = true
    this.unlisten()
    this.encoded.clear()
  }

  private encode(base: Told | null): Encoded {
    const { epoch, n, value } = this.now
    const patch: Patch | null = base && diff(base.value, value)
    const item: Item = patch ? { n, ...patch } : { epoch, n, value }
    try {
      const payload = encodeValue(item, 'INVALID_OUTPUT')
      this.bound = payload.length + (patch ? this.bound : 0)
      // Who follows sees no state that whoever comes now could not be told.
      if (patch && this.bound > this.host.limit) {
        const whole = this.itemAfter(null)
        if (whole.isFault) return whole
      }
      checkSize(payload, this.host.limit, `The store ${JSON.stringify(this.name)}`)
      return { payload, isFault: false }
    } catch (error) {
      this.host.report(error)
      // Names of fields are data, too: which of them cannot be sent stays here.
      const { code } = error as RequestError & { code: 'INVALID_OUTPUT' | 'TOO_LARGE' }
      const why = new NanopeerError(code, `The store ${JSON.stringify(this.name)} cannot be sent.`)
      return { payload: encodeFault(why), isFault: true }
    }
  }
}

/** An item that says why there is no state. */
export const encodeFault = (error: RequestError): Uint8Array =>
  encodeValue({ fault: faultOf(error) } satisfies Item, 'INVALID_OUTPUT')
