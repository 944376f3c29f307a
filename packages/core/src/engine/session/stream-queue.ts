import { IntMap } from '../../base/int-map'

interface Place<Item> {
  readonly item: Item
  before: Place<Item> | null
  after: Place<Item> | null
  /** The one of the same stream that came before; it may have left meanwhile. */
  older: Place<Item> | null
  isQueued: boolean
}

/**
 * A first-in, first-out queue of what streams have waiting. What one stream has is taken out without a search through
 * the others': a remote may cancel as many as it likes, and a session ends with a thousand.
 */
export class StreamQueue<Item extends { readonly stream: number }> {
  private head: Place<Item> | null = null
  private tail: Place<Item> | null = null
  /** The newest of each stream. */
  private readonly newest = new IntMap<Place<Item>>()
  private count = 0

  get length(): number {
    return this.count
  }

  get first(): Item | undefined {
    return this.head?.item
  }

  push(item: Item): void {
    const { tail } = this
    const older = this.newest.get(item.stream) ?? null
    const place = { item, before: tail, after: null, older, isQueued: true }
    if (tail) tail.after = place
    else this.head = place
    this.tail = place
    this.newest.set(item.stream, place)
    this.count++
  }

  shift(): Item | undefined {
    const { head } = this
    if (!head) return undefined
    if (this.newest.get(head.item.stream) === head) this.newest.delete(head.item.stream)
    this.free(head)
    return head.item
  }

  /** Takes out whatever the stream has waiting. */
  remove(stream: number): void {
    let place = this.newest.get(stream) ?? null
    this.newest.delete(stream)
    while (place?.isQueued) {
      const { older } = place
      this.free(place)
      place = older
    }
  }

  clear(): void {
    this.head = this.tail = null
    this.newest.clear()
    this.count = 0
  }

  private free(place: Place<Item>): void {
    const { before, after } = place
    if (before) before.after = after
    else this.head = after
    if (after) after.before = before
    else this.tail = before
    place.isQueued = false
    // Or a stream that never falls silent would keep all that it ever had here.
    place.older = null
    this.count--
  }
}
