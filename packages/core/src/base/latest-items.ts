/**
 * A series whose items are never queued: the next one is made when it is written. A slow reader, or one whose link is away,
 * gets what is so then, and not all that was so meanwhile.
 */
export interface LatestItems {
  /** Whether there may be something new to take. */
  readonly isDue: boolean
  /** The next item, encoded as a value; null where there is nothing new. Never throws. */
  take(): Uint8Array | null
  /** Somebody takes from now on; `changed` is called whenever something is due. */
  start(changed: () => void): void
  /** Nobody wants any more. */
  stop(): void
}

const latest = Symbol.for('nanopeer.latest')

/** What a handler of events answers with instead of an iterable. Internal: an app's values go through an encoder. */
export const answerLatest = (items: LatestItems): AsyncIterable<never> =>
  ({ [latest]: items }) as unknown as AsyncIterable<never>

/** The items of {@link answerLatest}; undefined for whatever else a handler answered. */
export const latestItemsOf = (output: unknown): LatestItems | undefined =>
  (output as { readonly [latest]?: LatestItems } | null | undefined)?.[latest]
