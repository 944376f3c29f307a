import { isPlain } from '../codec/write'

/** How one plain object becomes another: by its fields of the top level. */
export interface Patch {
  readonly set: Fields
  /** Fields that are there no more. */
  readonly gone: readonly string[]
}

export type Fields = Readonly<Record<string, unknown>>

/** Whether a state has fields that change by themselves. Everything else goes whole. */
export const hasFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value)

/** A field that is undefined vanishes on the wire. */
const namesIn = (fields: Fields): string[] => Object.keys(fields).filter((name) => fields[name] !== undefined)

/**
 * What has changed, field by field; null where only the whole state can say it.
 *
 * @param isSame whether a field says what it said before
 */
export function diff(
  before: unknown,
  after: unknown,
  isSame: (before: unknown, after: unknown) => boolean = Object.is,
): Patch | null {
  if (!hasFields(before) || !hasFields(after)) return null
  const had = new Set(namesIn(before))
  const has = namesIn(after)
  const changed = has.filter((name) => !had.has(name) || !isSame(before[name], after[name]))
  for (const name of has) had.delete(name)
  return { set: Object.fromEntries(changed.map((name) => [name, after[name]])), gone: [...had] }
}

/** The state with the patch: a new object, in which fields that have not changed are what they were. */
export function patched(before: unknown, { set, gone }: Patch): unknown {
  if (!hasFields(before)) return before
  const after: Record<string, unknown> = { ...before, ...set }
  for (const name of gone) delete after[name]
  return after
}
