import { ExtData, type ExtensionCodecType } from '@msgpack/msgpack'
import { NanopeerError } from '../errors'

/** Types of our extensions on the wire. Numbers are for ever: a new one is added at the end. */
const extension = {
  undefined: 0,
  date: 1,
  arrayBuffer: 2,
  dataView: 3,
  negativeZero: 4,
  text: 5,
} as const

/** Typed arrays by what `Symbol.toStringTag` calls them, whichever realm or subclass (`Buffer`) they are of. */
const typedArrayTypes: Readonly<Record<string, number>> = {
  Uint8Array: 16,
  Uint8ClampedArray: 17,
  Int8Array: 18,
  Uint16Array: 19,
  Int16Array: 20,
  Uint32Array: 21,
  Int32Array: 22,
  BigUint64Array: 23,
  BigInt64Array: 24,
  Float32Array: 25,
  Float64Array: 26,
  Float16Array: 27,
}

type TypedArrayConstructor = { new (buffer: ArrayBuffer): unknown; readonly BYTES_PER_ELEMENT: number }

const typedArrayNames = new Map(Object.entries(typedArrayTypes).map(([name, type]) => [type, name]))
const noBytes = new Uint8Array(0)

/** True for an extension type this version knows. */
export const isExtension = (type: number): boolean =>
  (type >= extension.undefined && type <= extension.text) || typedArrayNames.has(type)

/** What -0 travels as: the integer encoding of msgpack would make it 0. */
export const negativeZero = new ExtData(extension.negativeZero, noBytes)

/** Carries a string that UTF-8 would change, as its UTF-16 code units. */
export function text(value: string): ExtData {
  const units = new Uint16Array(value.length)
  for (let index = 0; index < units.length; index++) units[index] = value.charCodeAt(index)
  return new ExtData(extension.text, new Uint8Array(units.buffer))
}

/** The extension that carries this object, null for one that none can carry. */
export function toExtension(value: object): ExtData | null {
  if (value instanceof ExtData) return value
  if (ArrayBuffer.isView(value)) return fromView(value)
  // The tag, not instanceof: objects of an iframe or of a test's realm are no instances of ours.
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object Date]') return fromDate(value as Date)
  if (tag === '[object ArrayBuffer]')
    return new ExtData(extension.arrayBuffer, new Uint8Array(value as ArrayBuffer))
  return null
}

function fromView(view: ArrayBufferView): ExtData | null {
  // A view of a transferred buffer reads as empty; making a new view of it throws, instead of losing its bytes.
  if (view.byteLength === 0) new Uint8Array(view.buffer)
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const name = (view as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? ''
  const type = name === 'DataView' ? extension.dataView : typedArrayTypes[name]
  return type === undefined ? null : new ExtData(type, bytes)
}

function fromDate(date: Date): ExtData {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, Date.prototype.getTime.call(date))
  return new ExtData(extension.date, bytes)
}

function fromWire(data: Uint8Array, type: number): unknown {
  switch (type) {
    case extension.undefined:
      return undefined
    case extension.negativeZero:
      return -0
    case extension.date:
      if (data.byteLength !== 8) throw malformed('a date takes 8 bytes')
      return new Date(new DataView(data.buffer, data.byteOffset, 8).getFloat64(0))
    case extension.arrayBuffer:
      return ownBuffer(data)
    case extension.dataView:
      return new DataView(ownBuffer(data))
    case extension.text:
      return fromCodeUnits(toTypedArray(data, 'Uint16Array') as Uint16Array)
    default:
      return toTypedArray(data, typedArrayNames.get(type) ?? '')
  }
}

function fromCodeUnits(units: Uint16Array): string {
  // In pieces: the arguments of one call are limited by the stack.
  let value = ''
  for (let start = 0; start < units.length; start += 4096) {
    value += String.fromCharCode(...units.subarray(start, start + 4096))
  }
  return value
}

function toTypedArray(data: Uint8Array, name: string): unknown {
  const TypedArray = (globalThis as unknown as Record<string, TypedArrayConstructor | undefined>)[name]
  if (TypedArray === undefined) throw malformed(`there is no ${name || 'such type'} here`)
  if (data.byteLength % TypedArray.BYTES_PER_ELEMENT !== 0) throw malformed(`a ${name} of odd length`)
  return new TypedArray(ownBuffer(data))
}

/** A copy: aligned, and nobody who transfers or keeps it touches the message that other values are read from. */
const ownBuffer = (data: Uint8Array): ArrayBuffer => new Uint8Array(data).buffer

const malformed = (why: string) => new NanopeerError('PROTOCOL', `The remote sent a malformed value: ${why}.`)

/**
 * Our extension types for `@msgpack/msgpack`. Multi-byte elements are little-endian, as on every platform that
 * has WebRTC.
 */
export const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode(value) {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || isPlain(value)) return null
    const data = toExtension(value)
    // Reached only by an object whose getters answer differently each time; the library would make it {}.
    if (data === null) throw new TypeError('The value changed while it was being encoded.')
    return data
  },
  decode: fromWire,
}

/** An object literal, of any realm or with a null prototype. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** `undefined` by itself: the input of an action that takes none. */
export const undefinedBytes: readonly number[] = [0xc7, 0, extension.undefined]
