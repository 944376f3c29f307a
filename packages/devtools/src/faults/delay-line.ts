/** What a line does to messages now. */
export interface LineQuality {
  /** Ms that a message takes longer, each way. */
  delay: number
  /** Nothing gets through, and nobody is told, as when a cable is pulled; it goes on where it stopped. */
  isCut: boolean
}

/** One direction of a line: passes on what it is given, in order, as late as the line says. */
export class DelayLine {
  private waiting: { readonly pass: () => void; readonly dueAt: number }[] = []
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(
    private readonly quality: Readonly<LineQuality>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0
  }

  /** Passes on at once where nothing is in the way. */
  push(pass: () => void): void {
    const { isCut, delay } = this.quality
    if (!isCut && delay === 0 && this.isEmpty) {
      pass()
      return
    }
    this.waiting.push({ pass, dueAt: this.now() + delay })
    this.schedule()
  }

  /** The quality is another one now. */
  changed(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.schedule()
  }

  /** What waits is lost. */
  drop(): void {
    this.waiting = []
    this.changed()
  }

  private schedule(): void {
    const [first] = this.waiting
    if (!first || this.timer !== null || this.quality.isCut) return
    // What was sent while the delay was longer waits no longer than one does that is sent now.
    const wait = Math.min(first.dueAt - this.now(), this.quality.delay)
    this.timer = setTimeout(() => this.passOn(), Math.max(0, wait))
  }

  private passOn(): void {
    this.timer = null
    if (this.quality.isCut) return
    const latest = this.now() + 1
    while (this.waiting[0] && (this.waiting[0].dueAt <= latest || this.quality.delay === 0)) {
      this.waiting.shift()?.pass()
      if (this.quality.isCut) return
    }
    this.schedule()
  }
}
