import type { Clock } from '../../base/clock'
import type { Weighed } from '../../codec/read'
import { compact } from '../wire/frame'
import { itemOverhead } from '../wire/limits'
import type { Source } from './byte-source'
import type { IncomingStream } from './incoming-stream'
import { readLater } from './read-value'

/** A handler's events as a sender's source: the generator advances only while the reader has room. */
export const eventsSource = (
  events: AsyncIterable<unknown>,
  translate: (error: unknown) => Error,
  encode: (value: unknown) => Uint8Array,
): Source => {
  const iterator = events[Symbol.asyncIterator]()
  const pull = async () => {
    try {
      // Whatever it is that the handler returned: it may throw at once, or give something that is no result.
      const { done, value } = await iterator.next()
      return { done, value }
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    async next() {
      const { done, value } = await pull()
      if (done) return null
      try {
        return encode(value)
      } catch (error) {
        this.cancel(error)
        throw error
      }
    },
    cancel(reason) {
      // Queued behind a pending `next()`; the handler's signal is what ends that one early. An iterator that throws
      // while it is being closed has nobody left to tell.
      void (async () => iterator.return?.(reason))().catch(() => {})
    },
  }
}

/** An event that waits for its reader. */
export interface ArrivedEvent {
  readonly value: unknown
  /** What it has to be read from again; null where `value` is it. */
  readonly encoded: Uint8Array | null
}

/** Decoded, an event may take this many times the bytes that it counts in its window; one that takes more waits encoded. */
const heaviest = 8

export const arrivedEvent = ({ value, weight }: Weighed, payload: Uint8Array): ArrivedEvent => {
  const isHeavy = weight > heaviest * (payload.length + itemOverhead)
  return isHeavy ? { value: null, encoded: compact(payload) } : { value, encoded: null }
}

/** What has arrived, as an async iterable for one reader. Leaving the loop cancels. */
export const iterableFrom = (
  inbox: IncomingStream<unknown>,
  clock: Clock,
  decode: (value: unknown) => unknown,
  cancel: () => void,
): AsyncIterableIterator<unknown> => {
  let over = false
  return {
    async next() {
      if (over) return { done: true, value: undefined }
      try {
        const item = await inbox.take()
        if (item !== null) {
          const { value, encoded } = item as ArrivedEvent
          return { done: false, value: await decode(encoded ? await readLater(encoded, clock) : value) }
        }
        over = true
        return { done: true, value: undefined }
      } catch (error) {
        over = true
        cancel()
        throw error
      }
    },
    async return() {
      over = true
      cancel()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
