import { valueLimits } from '../codec/limits'
import { hasFields, type Patch } from './patch'
import { type Confirmed, malformed, type Version } from './wire'

/** What a state, or a part of it, takes: its elements, fields and objects, and the length of its texts and buffers. */
interface Size {
  readonly entries: number
  readonly bytes: number
}

const nothing: Size = { entries: 0, bytes: 0 }

/**
 * A state as the device has told of it, with the patches since. They go into the object itself where nobody has seen it
 * yet: or a device that tells of many would have us copy all fields for each.
 */
export class ToldState implements Confirmed {
  readonly epoch: string
  n: number
  private current: unknown
  private isSeen = true
  /** How many fields it has. */
  private fields: number
  /** What patches have brought since all of it was measured. */
  private brought = nothing

  /** @param maxBytes of a state that could be told of at once */
  constructor(
    { epoch, n, value }: Version & { readonly value?: unknown },
    private readonly maxBytes: number,
  ) {
    this.epoch = epoch
    this.n = n
    this.current = value
    this.fields = hasFields(value) ? Object.keys(value).length : 0
  }

  /** Whoever has it keeps it as it is. */
  get value(): unknown {
    this.isSeen = true
    return this.current
  }

  /**
   * The next version of it.
   *
   * @throws `NanopeerError` `PROTOCOL` for more than a device could tell of at once: such a state it would not show.
   */
  patch({ n, set, gone }: Patch & { readonly n: number }): void {
    const { current } = this
    if (!hasFields(current)) throw malformed()
    let count = this.fields
    for (const name of Object.keys(set)) if (!Object.hasOwn(current, name)) count++
    for (const name of new Set(gone)) if (Object.hasOwn(current, name) || Object.hasOwn(set, name)) count--
    if (count > valueLimits.entries) throw malformed()
    const fields: Record<string, unknown> = this.isSeen ? { ...current } : current
    Object.assign(fields, set)
    for (const name of gone) delete fields[name]
    const { entries, bytes } = sizeOf(set)
    this.brought = { entries: this.brought.entries + entries, bytes: this.brought.bytes + bytes }
    if (this.isTooLarge(this.brought)) {
      if (this.isTooLarge(sizeOf(fields))) throw malformed()
      this.brought = nothing
    }
    this.current = fields
    this.fields = count
    this.isSeen = false
    this.n = n
  }

  private isTooLarge({ entries, bytes }: Size): boolean {
    return entries > valueLimits.entries || bytes > this.maxBytes
  }
}

const sizeOf = (value: unknown): Size => {
  let entries = 0
  let bytes = 0
  const add = (part: unknown): void => {
    if (typeof part === 'string') bytes += part.length
    else if (typeof part === 'object' && part !== null) {
      entries++
      if (hasFields(part)) {
        for (const [name, field] of Object.entries(part)) {
          entries++
          bytes += name.length
          add(field)
        }
      } else if (Array.isArray(part)) {
        entries += part.length
        part.forEach(add)
      } else bytes += (part as Partial<ArrayBuffer>).byteLength ?? 0
    }
  }
  add(value)
  return { entries, bytes }
}
