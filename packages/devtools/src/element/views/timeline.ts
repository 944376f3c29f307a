import { html } from 'lit'
import { describeEntries } from '../../model/describe'
import { formatDuration, formatTime } from '../../model/format'
import { earlier, later, minus, pause, play, plus } from '../icons'
import { lanesOf } from '../lanes'
import { renderSwatch } from '../parts'
import { drawTimeline } from '../picture'
import { TimeWindow } from '../time-window'
import type { View, ViewHost } from './view'

const mostEvents = 100
/** How often the picture moves along with time, ms; without motion where the visitor wants little of it. */
const frame = 50

const legend = [
  ['link', 'link'],
  ['unstable', 'silent, or dialling'],
  ['failed', 'failed dial'],
  ['waiting', 'waiting'],
  ['pending', 'handler'],
  ['streaming', 'streaming'],
] as const

/** Everything along time: a connection's links above, what went over them below. */
export class TimelineView implements View {
  readonly name = 'timeline'
  readonly title = 'Timeline'
  private readonly window = new TimeWindow()
  private width = 0
  private observer: ResizeObserver | null = null
  private timer: ReturnType<typeof setInterval> | null = null
  private dragged: { x: number } | null = null

  constructor(private readonly host: ViewHost) {}

  updated(root: ShadowRoot): void {
    if (this.observer) return
    const view = root.querySelector('.view')
    if (!view) return
    this.observer = new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry?.contentRect.width ?? 0)
      this.host.requestUpdate()
    })
    this.observer.observe(view)
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.timer = setInterval(
      () => {
        if (!this.window.isPaused && !document.hidden) this.host.requestUpdate()
      },
      isStill ? 1000 : frame,
    )
  }

  hidden(): void {
    this.observer?.disconnect()
    this.observer = null
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }

  render() {
    const { recorder } = this.host.tool
    const { now } = this.host
    const { window, width } = this
    const { from, to } = window.at(now)
    const lanes = lanesOf(recorder, { from, to, now, width })
    const log = describeEntries(recorder.entries, () => true, mostEvents)
    return html`
      <div class="bar">
        <div class="buttons" role="toolbar" aria-label="Time">
          ${this.button(
            window.isPaused ? 'Go along with time' : 'Pause',
            window.isPaused ? play : pause,
            () => window.toggle(now),
          )}
          ${this.button('Earlier', earlier, () => window.move(-window.span / 4, this.host.now))}
          ${this.button('Later', later, () => window.move(window.span / 4, this.host.now), !window.isPaused)}
          ${this.button('Less time', plus, () => window.zoomBy(1), !window.canZoomIn)}
          ${this.button('More time', minus, () => window.zoomBy(-1), !window.canZoomOut)}
        </div>
        <span class="quiet number">${formatDuration(window.span)}${window.isPaused ? ', paused' : ''}</span>
        <span class="spacer"></span>
        <ul class="legend" aria-label="Legend">
          ${legend.map(([kind, text]) => html`<li>${renderSwatch(kind)}${text}</li>`)}
        </ul>
      </div>
      <div
        @pointerdown=${(event: PointerEvent) => this.grab(event)}
        @pointermove=${(event: PointerEvent) => this.drag(event)}
        @pointerup=${() => this.release()}
        @pointercancel=${() => this.release()}
        @wheel=${(event: WheelEvent) => this.wheel(event)}
      >
        ${width === 0 ? '' : drawTimeline(lanes, { from, to, now, width })}
      </div>
      <div class="log">
        <h3 class="section">What happened, latest first</h3>
        <ol class="events" aria-label="Events">
          ${log.map(
            ({ entry, text, tone }) => html`<li data-tone=${tone}>
              <time class="number">${formatTime(entry.at)}</time><span class="dot"></span>
              <span><span class="who">${entry.remoteId ?? entry.peerId}</span> ${text}</span>
            </li>`,
          )}
        </ol>
      </div>`
  }

  private button(title: string, icon: unknown, act: () => void, isDisabled = false) {
    return html`<button class="icon" title=${title} aria-label=${title} ?disabled=${isDisabled} @click=${() => {
      act()
      this.host.requestUpdate()
    }}>${icon}</button>`
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0) return
    this.dragged = { x: event.clientX }
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
  }

  private drag(event: PointerEvent): void {
    if (!this.dragged || this.width === 0) return
    const moved = event.clientX - this.dragged.x
    this.dragged = { x: event.clientX }
    this.window.move((-moved * this.window.span) / this.width, this.host.now)
    this.host.requestUpdate()
  }

  private release(): void {
    this.dragged = null
  }

  /** With Ctrl, as maps and editors zoom; a pinch on a touchpad is told the same way. */
  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return
    event.preventDefault()
    this.window.zoomBy(event.deltaY < 0 ? 1 : -1)
    this.host.requestUpdate()
  }
}
