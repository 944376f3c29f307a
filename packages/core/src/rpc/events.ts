import { encodeValue } from '../wire/values'
import type { Inbox } from './inbox'
import type { Source } from './sender'

export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof (value as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator] === 'function'

/** A handler's events as a sender's source: the generator advances only while the reader has room. */
export const eventsSource = (
  events: AsyncIterable<unknown>,
  translate: (error: unknown) => Error,
): Source => {
  const iterator = events[Symbol.asyncIterator]()
  const fail = (error: unknown): never => {
    throw translate(error)
  }
  return {
    async next() {
      const { done, value } = await iterator.next().catch(fail)
      if (done) return null
      try {
        return encodeValue(value, 'INVALID_OUTPUT')
      } catch (error) {
        this.cancel(error)
        throw error
      }
    },
    cancel(reason) {
      // Queued behind a pending `next()`; the handler's signal is what ends that one early.
      iterator.return?.(reason).then(undefined, () => {})
    },
  }
}

/** What has arrived, as an async iterable for one reader. Leaving the loop cancels. */
export const iterableFrom = (
  inbox: Inbox<unknown>,
  decode: (value: unknown) => unknown,
  cancel: () => void,
): AsyncIterableIterator<unknown> => {
  let over = false
  return {
    async next() {
      if (over) return { done: true, value: undefined }
      try {
        const item = await inbox.take()
        if (item !== null) return { done: false, value: await decode((item as { value: unknown }).value) }
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
