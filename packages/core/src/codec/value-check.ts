import { ExtData } from '@msgpack/msgpack'
import { isPlain, negativeZero, text, toExtension } from './value-extensions'

/** What one value may hold, at both ends: a small message can describe a structure that fills the memory. */
export interface ValueLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number
  /** Arrays, objects, dates and buffers in one value; an empty object is 1 byte on the wire and ~60 in memory. */
  readonly objects: number
}

export const valueLimits: ValueLimits = { depth: 64, objects: 1_048_576 }

/** Why a value cannot be sent, and where in it. */
export interface Refusal {
  /** Keys and indices from the value itself to the part that is refused. */
  readonly path: readonly (string | number)[]
  readonly reason: string
  readonly tooLarge: boolean
}

/** Above this the library encodes with TextEncoder, which replaces lone surrogates. */
const longString = 50

type Verdict = typeof plain | typeof special | typeof refused
const plain = 0
/** Holds something msgpack would change: -0, or a string that UTF-8 cannot carry. */
const special = 1
const refused = 2

/**
 * Judges a value before it is encoded, in one walk that allocates nothing while all is well: `plain` can be
 * encoded as it is, `special` after {@link withExtensions}.
 */
export function checkValue(value: unknown): 'plain' | 'special' | Refusal {
  objects = 0
  trail = []
  const verdict = check(value, 0)
  if (verdict !== refused) return verdict === plain ? 'plain' : 'special'
  const path = trail.reverse()
  return cycle(value, path) ?? { path, reason, tooLarge: objects > valueLimits.objects }
}

// State of the walk under way, filled from the refused part outwards. It never yields, so one set is enough.
let objects = 0
let reason = ''
let trail: (string | number)[] = []

function check(value: unknown, depth: number): Verdict {
  switch (typeof value) {
    case 'string':
      return value.length > longString && changesInUtf8(value) ? special : plain
    case 'number':
      return value === 0 && 1 / value < 0 ? special : plain
    case 'boolean':
      return plain
    case 'object':
      return value === null ? plain : checkObject(value, depth)
    case 'bigint':
      if (value === BigInt.asIntN(64, value) || value === BigInt.asUintN(64, value)) return plain
      return refuse('it does not fit in 64 bits')
    default:
      return refuse(`it is ${value === undefined ? 'undefined' : `a ${typeof value}`}`)
  }
}

function checkObject(value: object, depth: number): Verdict {
  if (++objects > valueLimits.objects) return refuse(`there are more than ${valueLimits.objects} objects`)
  if (Array.isArray(value)) return checkArray(value, depth)
  if (isPlain(value)) return checkFields(value as Record<string, unknown>, depth)
  return toExtension(value) === null ? refuse(`it is ${describe(value)}`) : plain
}

function checkArray(value: readonly unknown[], depth: number): Verdict {
  if (depth >= valueLimits.depth) return refuseDepth()
  let verdict: Verdict = plain
  for (let index = 0; index < value.length; index++) {
    const found = check(value[index], depth + 1)
    if (found === plain) continue
    if (found === refused) return refusedAt(index)
    verdict = found
  }
  return verdict
}

function checkFields(value: Record<string, unknown>, depth: number): Verdict {
  if (depth >= valueLimits.depth) return refuseDepth()
  let verdict: Verdict = plain
  const keys = Object.keys(value)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    const field = value[key]
    if (field === undefined) continue
    const found = unsafeKey(key) ? refuse('its name cannot be sent') : check(field, depth + 1)
    if (found === plain) continue
    if (found === refused) return refusedAt(key)
    verdict = found
  }
  return verdict
}

/** `__proto__` would be refused by the decoder; an odd long name would arrive as another one. */
const unsafeKey = (key: string) => key === '__proto__' || (key.length > longString && changesInUtf8(key))

const loneSurrogate = /\p{Surrogate}/u
const isWellFormed = (value: string & { isWellFormed?(): boolean }) =>
  value.isWellFormed?.() ?? !loneSurrogate.test(value)

/** Lone surrogates become U+FFFD, and the library's TextDecoder drops a leading byte order mark. */
const changesInUtf8 = (value: string) => value.charCodeAt(0) === 0xfeff || !isWellFormed(value)

function refuse(why: string): typeof refused {
  reason = why
  return refused
}

const refuseDepth = () => refuse(`it is nested more than ${valueLimits.depth} levels deep`)

function refusedAt(key: string | number): typeof refused {
  trail.push(key)
  return refused
}

function describe(value: object): string {
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'not a plain object'
}

/** A value nested without end usually holds itself; then the first step back into itself says more. */
function cycle(value: unknown, path: readonly (string | number)[]): Refusal | null {
  const above: unknown[] = []
  let here = value
  for (let depth = 0; depth <= path.length; depth++) {
    if (above.includes(here) && typeof here === 'object') {
      return { path: path.slice(0, depth), reason: 'it contains itself', tooLarge: false }
    }
    above.push(here)
    here = (here as Record<string | number, unknown> | undefined)?.[path[depth] as string | number]
  }
  return null
}

/** A copy of a `special` value in which what msgpack would change is carried by an extension. */
export function withExtensions(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? negativeZero : value
  if (typeof value === 'string')
    return value.length > longString && changesInUtf8(value) ? text(value) : value
  if (typeof value !== 'object' || value === null || value instanceof ExtData) return value
  if (Array.isArray(value)) return value.map(withExtensions)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withExtensions(field)]))
}
