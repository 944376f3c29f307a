import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack'
import { valueLimits } from '../../packages/core/src/codec/limits'
import { decodeValue, decodeWeighed } from '../../packages/core/src/codec/read'
import { encodeValue } from '../../packages/core/src/codec/write'
import { floods, values } from './values'

/** Microseconds of one run; null for what a contestant cannot carry. */
export interface CodecRow {
  readonly name: string
  readonly bytes: number
  readonly encode: readonly (number | null)[]
  readonly decode: readonly (number | null)[]
}

/** One message at the limit of entries. */
export interface FloodRow {
  readonly name: string
  readonly bytes: number
  readonly milliseconds: number
  readonly weight: number
}

interface Contestant {
  encode(value: unknown): unknown
  decode(encoded: never): unknown
}

const nanopeer: Contestant = { encode: (value) => encodeValue(value, 'INVALID_INPUT'), decode: decodeValue }

/** The library as it comes: no checks, no extensions but its own for dates, bytes as its own `bin`. */
const msgpack = (): Contestant => {
  const extensionCodec = new ExtensionCodec()
  extensionCodec.register({
    type: 1,
    encode: (value) => {
      if (!(value instanceof Date)) return null
      const bytes = new Uint8Array(8)
      new DataView(bytes.buffer).setFloat64(0, value.getTime())
      return bytes
    },
    decode: (bytes) => new Date(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0)),
  })
  const encoder = new Encoder({ useBigInt64: true, ignoreUndefined: true, extensionCodec })
  const decoder = new Decoder({ useBigInt64: true, extensionCodec })
  return { encode: (value) => encoder.encode(value), decode: (bytes) => decoder.decode(bytes) }
}

/** JSON to bytes and back, as for a channel; the same value comes back of what it can carry alone. */
const json = (): Contestant => {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  return {
    encode: (value) => encoder.encode(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(decoder.decode(bytes)),
  }
}

const isForJson = (name: string) => !/date|buffer/.test(name)

/** Microseconds of one run: the third best of nine rounds of 10 ms, after one to warm up. */
const time = (run: () => unknown): number => {
  let runs = 1
  let took = 0
  while (took < 10) {
    runs *= 2
    took = round(run, runs)
  }
  const rounds = Array.from({ length: 9 }, () => round(run, runs) / runs)
  return 1000 * (rounds.sort((a, b) => a - b)[2] as number)
}

const round = (run: () => unknown, runs: number): number => {
  const start = performance.now()
  for (let index = 0; index < runs; index++) run()
  return performance.now() - start
}

/** @param only part of the names of the values that are measured */
const measureCodec = (only: string): CodecRow[] => {
  const contestants = [nanopeer, msgpack(), json()]
  const chosen = Object.entries(values).filter(([name]) => name.includes(only))
  return chosen.map(([name, value]) => {
    const able = contestants.map((contestant) => contestant !== contestants[2] || isForJson(name))
    const encoded = contestants.map((contestant, index) => (able[index] ? contestant.encode(value) : null))
    // In turn, twice, and the better one: a machine that is busy with something else is slow, not the codec.
    const best = (run: (contestant: Contestant, index: number) => unknown) => {
      const laps = [0, 1].map(() =>
        contestants.map((contestant, index) => (able[index] ? time(() => run(contestant, index)) : null)),
      )
      return contestants.map((_, index) => {
        const [first, second] = laps.map((lap) => lap[index] ?? null)
        return first == null || second == null ? null : Math.min(first, second)
      })
    }
    return {
      name,
      bytes: (encoded[0] as Uint8Array).length,
      encode: best((contestant) => contestant.encode(value)),
      decode: best((contestant, index) => contestant.decode(encoded[index] as never)),
    }
  })
}

const floodNames = Object.keys(floods(100))

/** Decodes one message at the limit, once: nothing is warm when it comes. */
const measureFlood = (name: string): FloodRow => {
  const make = floods(valueLimits.entries)[name]
  if (!make) throw new Error(`There is no flood "${name}".`)
  const bytes = encodeValue(make(), 'INVALID_INPUT')
  const start = performance.now()
  const { weight } = decodeWeighed(bytes)
  return { name, bytes: bytes.length, milliseconds: performance.now() - start, weight }
}

Object.assign(globalThis, { codecBench: { measureCodec, measureFlood, floodNames } })
