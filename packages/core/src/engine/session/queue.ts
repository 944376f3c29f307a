/** A first-in, first-out queue whose `shift` does not move what is behind it. */
export class Queue<Item> {
  private items: Item[] = []
  private head = 0

  get length(): number {
    return this.items.length - this.head
  }

  get first(): Item | undefined {
    return this.items[this.head]
  }

  get last(): Item | undefined {
    return this.length > 0 ? this.items[this.items.length - 1] : undefined
  }

  push(item: Item): void {
    this.items.push(item)
  }

  shift(): Item | undefined {
    const item = this.items[this.head]
    if (item === undefined) return undefined
    this.items[this.head++] = undefined as Item
    // Amortised: each item is moved at most once per halving.
    if (this.head > 32 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return item
  }

  /** The n-th item from the front. */
  at(index: number): Item | undefined {
    return this.items[this.head + index]
  }

  /** Empties the queue; returns what was in it. */
  clear(): Item[] {
    const all = this.items.slice(this.head)
    this.items = []
    this.head = 0
    return all
  }
}
