/** Calls at most once in an interval, and once more behind the last call: bursts cost one call. */
export class Throttle {
  private timer: ReturnType<typeof setTimeout> | null = null

  /** @param interval ms */
  constructor(
    private readonly interval: number,
    private readonly act: () => void,
  ) {}

  call(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.act()
    }, this.interval)
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }
}
