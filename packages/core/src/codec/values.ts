import { Decoder, Encoder } from '@msgpack/msgpack'
import { NanopeerError } from '../errors'
import { checkValue, type Refusal, type ValueLimits, valueLimits, withExtensions } from './value-check'
import { extensionCodec, undefinedBytes } from './value-extensions'
import { scannedObjects, scanValue } from './value-scan'

/** A large value would leave its buffer, twice its size, in the encoder for ever. */
const keptBuffer = 65_536

const createEncoder = (sortKeys: boolean) =>
  new Encoder({
    extensionCodec,
    useBigInt64: true,
    ignoreUndefined: true,
    maxDepth: valueLimits.depth + 1,
    sortKeys,
  })

let encoder = createEncoder(false)
let sortingEncoder = createEncoder(true)

const decoder = new Decoder({
  extensionCodec,
  useBigInt64: true,
  mapKeyConverter(key) {
    if (typeof key === 'string') return key
    throw new TypeError('a name is not a string')
  },
})

/**
 * Encodes one value for the wire. null, boolean, number (NaN, ±Infinity and -0 included), bigint in 64 bits, string,
 * Date, ArrayBuffer, DataView, typed arrays, arrays and plain objects come back as what they were; `undefined` does
 * by itself, and is left out as a field. A subclass (`Buffer`) comes back as its base, a null prototype as an object.
 *
 * @param code what the error is called: an asker's input or a handler's output.
 * @throws `NanopeerError` `code`, naming the path, for anything else: Map, class instance, function, cycle, undefined
 * in an array, the field name `__proto__`, more than 64 levels. `TOO_LARGE` for over a million objects.
 */
export function encodeValue(
  value: unknown,
  code: 'INVALID_INPUT' | 'INVALID_OUTPUT',
): Uint8Array<ArrayBuffer> {
  if (value === undefined) return Uint8Array.from(undefinedBytes)
  try {
    const bytes = encoder.encode(encodable(value, code))
    if (bytes.length > keptBuffer) encoder = createEncoder(false)
    return bytes
  } catch (error) {
    throw asRefusal(error, code)
  }
}

/**
 * The key of a request's input: equal for inputs that encode to the same value, whatever the order of their fields.
 *
 * @throws as {@link encodeValue} with `INVALID_INPUT`.
 */
export function encodeKey(value: unknown): string {
  if (value === undefined) return ''
  try {
    const bytes = sortingEncoder.encodeSharedRef(encodable(value, 'INVALID_INPUT'))
    if (bytes.length > keptBuffer) sortingEncoder = createEncoder(true)
    let key = ''
    for (let start = 0; start < bytes.length; start += 4096) {
      key += String.fromCharCode(...bytes.subarray(start, start + 4096))
    }
    return key
  } catch (error) {
    throw asRefusal(error, 'INVALID_INPUT')
  }
}

/**
 * Decodes one value. Nothing in the result shares memory with `bytes`.
 *
 * @throws `NanopeerError` `PROTOCOL`, and nothing else, for bytes that {@link encodeValue} cannot have written, and
 * for a value over the limits; both are found before anything is allocated.
 */
export function decodeValue(bytes: Uint8Array, limits: ValueLimits = valueLimits): unknown {
  const fault = scanValue(bytes, limits)
  if (fault !== null) throw new NanopeerError('PROTOCOL', `The remote sent a malformed value: ${fault}.`)
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    if (cause instanceof NanopeerError) throw cause
    throw new NanopeerError('PROTOCOL', 'The remote sent a malformed value.', { cause })
  }
}

/** What an object takes in memory besides what it holds, about; on the wire an empty one is one byte. */
const objectBytes = 64

/**
 * The same, and about how many bytes the value takes in memory.
 *
 * @throws as {@link decodeValue}.
 */
export function decodeWeighed(bytes: Uint8Array): { value: unknown; weight: number } {
  const value = decodeValue(bytes)
  return { value, weight: bytes.length + objectBytes * scannedObjects }
}

function encodable(value: unknown, code: 'INVALID_INPUT' | 'INVALID_OUTPUT'): unknown {
  const verdict = checkValue(value)
  if (verdict === 'plain') return value
  if (verdict === 'special') return withExtensions(value)
  const where = pathOf(verdict, code)
  throw new NanopeerError(
    verdict.tooLarge ? 'TOO_LARGE' : code,
    `${where} cannot be sent: ${verdict.reason}.`,
  )
}

function pathOf({ path }: Refusal, code: 'INVALID_INPUT' | 'INVALID_OUTPUT'): string {
  const root = code === 'INVALID_INPUT' ? 'input' : 'output'
  const step = (key: string | number) => {
    if (typeof key === 'number') return `[${key}]`
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
  }
  return root + path.map(step).join('')
}

/** Reading a value runs its owner's getters and proxies, which may throw anything. */
function asRefusal(error: unknown, code: 'INVALID_INPUT' | 'INVALID_OUTPUT'): NanopeerError {
  if (error instanceof NanopeerError) return error
  const root = code === 'INVALID_INPUT' ? 'input' : 'output'
  return new NanopeerError(code, `${root} cannot be sent: it could not be read.`, { cause: error })
}
