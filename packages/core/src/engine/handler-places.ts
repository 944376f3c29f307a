/** How many handlers may run at once, for remotes that share this. */
export class HandlerPlaces {
  running = 0
  /** By remote: of those of whom any runs. */
  private readonly own = new Map<string, number>()

  constructor(private readonly most: number) {}

  /**
   * Whether no more may run for this remote. Each has its share whatever the others do: a handler may wait for its remote for as
   * long as that likes, for an upload for instance. Half of all is shared out evenly for that.
   */
  isFull(remoteId: string): boolean {
    if (this.running < this.most) return false
    const own = this.own.get(remoteId)
    const remotes = this.own.size + (own === undefined ? 1 : 0)
    return (own ?? 0) >= Math.floor(this.most / 2 / remotes)
  }

  enter(remoteId: string): void {
    this.running++
    this.own.set(remoteId, (this.own.get(remoteId) ?? 0) + 1)
  }

  leave(remoteId: string): void {
    this.running--
    const left = (this.own.get(remoteId) ?? 0) - 1
    if (left > 0) this.own.set(remoteId, left)
    else this.own.delete(remoteId)
  }
}
