import { NanopeerError } from '../base/errors'
import { valueLimits } from './limits'
import { cycleIn, describe, refusalOf, type ValueCode } from './refusal'
import { Sink } from './sink'
import { extension, fromUnits, typedArrays } from './tags'

/** What is known of the value that is being written. */
interface Walk {
  readonly root: unknown
  readonly code: ValueCode
  readonly sortsKeys: boolean
  entries: number
  /** Arrays and objects that are open, and the key or index at which each of them is. */
  depth: number
  readonly path: (string | number)[]
}

const sink = new Sink()
const noBytes = new Uint8Array(0)

let walk: Walk

/**
 * Encodes one value for the wire. null, boolean, number (NaN, ±Infinity and -0 included), bigint in 64 bits, string,
 * Date, ArrayBuffer, DataView, typed arrays, arrays and plain objects come back as what they were; `undefined` does
 * by itself, and is left out as a field. A subclass (`Buffer`) comes back as its base, a null prototype as an object.
 *
 * @param code what the error is called: an asker's input or a handler's output.
 * @throws `NanopeerError` `code`, naming the path, for anything else: Map, class instance, function, cycle, undefined
 * in an array, the field name `__proto__`, more than 64 levels. `TOO_LARGE` for more entries than
 * {@link valueLimits} has.
 */
export const encodeValue = (value: unknown, code: ValueCode): Uint8Array<ArrayBuffer> =>
  encode(value, code, false)

/**
 * The key of a request's input: equal for inputs that encode to the same value, whatever the order of their fields.
 *
 * @throws as {@link encodeValue} with `INVALID_INPUT`.
 */
export const encodeKey = (value: unknown): string => {
  if (value === undefined) return ''
  return fromUnits(encode(value, 'INVALID_INPUT', true))
}

/** Reading a value runs its owner's getters and proxies, which may throw anything, and may encode another value. */
const encode = (root: unknown, code: ValueCode, sortsKeys: boolean): Uint8Array<ArrayBuffer> => {
  const outer = walk
  const start = sink.position
  walk = { root, code, sortsKeys, entries: 0, depth: 0, path: [] }
  try {
    if (root === undefined) writeExtension(extension.undefined, noBytes)
    else write(root)
    return sink.copy(start)
  } catch (error) {
    if (error instanceof NanopeerError) throw error
    throw refusalOf(code, code, [], 'it could not be read', { cause: error })
  } finally {
    sink.cut(start)
    walk = outer
  }
}

const write = (value: unknown): void => {
  switch (typeof value) {
    case 'string':
      return writeText(value)
    case 'number':
      if (value === 0 && 1 / value < 0) return writeExtension(extension.negativeZero, noBytes)
      return sink.number(value)
    case 'boolean':
      return sink.byte(value ? 0xc3 : 0xc2)
    case 'object':
      if (value === null) return sink.byte(0xc0)
      if (Array.isArray(value)) return writeList(value)
      return isPlain(value) ? writeFields(value as Record<string, unknown>) : writeSpecial(value)
    case 'bigint':
      return writeBigint(value)
    default:
      refuse(`it is ${value === undefined ? 'undefined' : `a ${typeof value}`}`)
  }
}

const writeList = (value: readonly unknown[]): void => {
  const { length } = value
  const at = enter(length)
  sink.size(0x90, 0xdb, length)
  for (let index = 0; index < length; index++) {
    walk.path[at] = index
    write(value[index])
  }
  walk.depth--
}

const writeFields = (value: Record<string, unknown>): void => {
  const keys = Object.keys(value)
  if (walk.sortsKeys) keys.sort()
  const at = enter(keys.length)
  const start = sink.position
  mapHeader(keys.length)
  const body = sink.position
  let absent = 0
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    const field = value[key]
    if (field === undefined) {
      absent++
      continue
    }
    walk.path[at] = key
    // `__proto__` would be refused by the reader; an odd long name would arrive as another one.
    if (key === '__proto__' || changesInUtf8(key)) refuse('its name cannot be sent')
    count(Math.floor(key.length / valueLimits.nameLength))
    sink.text(key, textHeader)
    write(field)
  }
  if (absent > 0) sink.rehead(start, body, mapHeader, keys.length - absent)
  walk.depth--
}

const mapHeader = (size: number): void => sink.size(0x80, 0xdd, size)

const textHeader = (size: number): void => {
  if (size < 32) sink.byte(0xa0 + size)
  else sink.sized(0xd9, size)
}

const writeText = (value: string): void => {
  if (!changesInUtf8(value)) return sink.text(value, textHeader)
  count(1)
  const units = new Uint16Array(value.length)
  for (let index = 0; index < units.length; index++) units[index] = value.charCodeAt(index)
  writeExtension(extension.text, new Uint8Array(units.buffer))
}

const writeBigint = (value: bigint): void => {
  if (value !== BigInt.asIntN(64, value) && value !== BigInt.asUintN(64, value)) {
    refuse('it does not fit in 64 bits')
  }
  sink.byte(value < 0n ? 0xd3 : 0xcf)
  sink.bigint(value)
}

const writeSpecial = (value: object): void => {
  count(1)
  if (ArrayBuffer.isView(value)) return writeView(value)
  // The tag, not instanceof: objects of an iframe or of a test's realm are no instances of ours.
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object Date]') {
    sink.byte(0xd7)
    sink.byte(extension.date)
    sink.double(Date.prototype.getTime.call(value))
  } else if (tag === '[object ArrayBuffer]') {
    writeExtension(extension.arrayBuffer, new Uint8Array(value as ArrayBuffer))
  } else refuse(`it is ${describe(value)}`)
}

const writeView = (view: ArrayBufferView): void => {
  // A view of a transferred buffer reads as empty; making a new view of it throws, instead of losing its bytes.
  if (view.byteLength === 0) new Uint8Array(view.buffer)
  const name = (view as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? ''
  const index = typedArrays.indexOf(name)
  if (index < 0 && name !== 'DataView') refuse(`it is ${describe(view)}`)
  writeExtension(
    index < 0 ? extension.dataView : extension.typedArray + index,
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
  )
}

const writeExtension = (type: number, bytes: Uint8Array): void => {
  const size = bytes.length
  // 1, 2, 4, 8 and 16 bytes have a tag each.
  if (size > 0 && size <= 16 && (size & (size - 1)) === 0) sink.byte(0xd4 + 31 - Math.clz32(size))
  else sink.sized(0xc7, size)
  sink.byte(type)
  sink.bytes(bytes)
}

/** Whether it is an object literal, of any realm or with a null prototype. */
export const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

const loneSurrogate = /\p{Surrogate}/u
const isWellFormed = (value: string & { isWellFormed?(): boolean }): boolean =>
  value.isWellFormed?.() ?? !loneSurrogate.test(value)

/** A longer string in which UTF-8 would change something for version 0.1 is sent as its code units. */
const longText = 50

const changesInUtf8 = (value: string): boolean =>
  value.length > longText && (value.charCodeAt(0) === 0xfeff || !isWellFormed(value))

/** An array or object begins. Returns how many are open around it. */
const enter = (size: number): number => {
  count(size + 1)
  if (walk.depth >= valueLimits.depth) refuse(`it is nested more than ${valueLimits.depth} levels deep`)
  return walk.depth++
}

const count = (entries: number): void => {
  walk.entries += entries
  if (walk.entries <= valueLimits.entries) return
  refuse(`it holds more than ${valueLimits.entries} entries`, 'TOO_LARGE')
}

/** @throws `NanopeerError` for the part of the value at which the walk is. */
const refuse = (reason: string, code: 'TOO_LARGE' | ValueCode = walk.code): never => {
  const path = walk.path.slice(0, walk.depth)
  const cycle = cycleIn(walk.root, path)
  if (cycle) throw refusalOf(walk.code, walk.code, cycle, 'it contains itself')
  throw refusalOf(code, walk.code, path, reason)
}
