/** How much of time is shown, ms. */
const spans = [2_000, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000] as const

/** Which part of time the picture shows: the latest one, until it is paused. */
export class TimeWindow {
  private zoom = 3
  /** Epoch ms; null while it goes along with time. */
  private pausedAt: number | null = null

  get span(): number {
    return spans[this.zoom] as number
  }

  get isPaused(): boolean {
    return this.pausedAt !== null
  }

  get canZoomIn(): boolean {
    return this.zoom > 0
  }

  get canZoomOut(): boolean {
    return this.zoom < spans.length - 1
  }

  /** Epoch ms of both ends. */
  at(now: number): { readonly from: number; readonly to: number } {
    const to = this.pausedAt ?? now
    return { from: to - this.span, to }
  }

  /** @param steps above 0: less time is shown, larger */
  zoomBy(steps: number): void {
    this.zoom = Math.min(spans.length - 1, Math.max(0, this.zoom - steps))
  }

  toggle(now: number): void {
    this.pausedAt = this.isPaused ? null : now
  }

  /** Goes back in time, or forth: forth to now it goes along with time again. */
  move(ms: number, now: number): void {
    const to = this.at(now).to + ms
    this.pausedAt = to >= now ? null : to
  }
}

/** Where the time axis has its marks: at round times, not more than fit. */
export const ticksOf = (from: number, to: number, most: number): { at: number; label: string }[] => {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000)
  const step = steps.find((each) => (to - from) / each <= most) ?? 3_600_000
  const ticks: { at: number; label: string }[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const date = new Date(at)
    const clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
    const label = clock.map((value) => String(value).padStart(2, '0')).join(':')
    ticks.push({ at, label: step < 1000 ? `${label}.${Math.floor(date.getMilliseconds() / 100)}` : label })
  }
  return ticks
}
