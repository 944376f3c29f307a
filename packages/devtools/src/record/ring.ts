/** The latest items, at most `capacity` of them: the oldest makes room. */
export class RingBuffer<Item> {
  private items: Item[] = []
  private start = 0

  constructor(readonly capacity: number) {}

  get length(): number {
    return this.items.length
  }

  get last(): Item | undefined {
    return this.items[(this.start + this.items.length - 1) % this.items.length]
  }

  push(item: Item): void {
    if (this.items.length < this.capacity) {
      this.items.push(item)
      return
    }
    this.items[this.start] = item
    this.start = (this.start + 1) % this.capacity
  }

  clear(): void {
    this.items = []
    this.start = 0
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<Item> {
    for (let index = 0; index < this.items.length; index++) {
      yield this.items[(this.start + index) % this.items.length] as Item
    }
  }
}
