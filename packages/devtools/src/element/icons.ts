import { svg } from 'lit'

const icon = (content: ReturnType<typeof svg>) => svg`
  <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true">${content}</svg>`

/** Two ends, and what is between them. */
export const mark = icon(
  svg`<circle cx="3.75" cy="11" r="2.5"/><circle cx="12.25" cy="5" r="2.5"/><path d="m5.8 9.5 4.4-3"/>`,
)
export const cross = icon(svg`<path d="m4 4 8 8m0-8-8 8"/>`)
export const bin = icon(svg`<path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5"/>`)
export const taller = icon(svg`<path d="m4 7 4-4 4 4M4 13h8"/>`)
export const shorter = icon(svg`<path d="m4 9 4 4 4-4M4 3h8"/>`)
export const plus = icon(svg`<path d="M8 3.5v9M3.5 8h9"/>`)
export const minus = icon(svg`<path d="M3.5 8h9"/>`)
export const pause = icon(svg`<path d="M5.5 3.5v9m5-9v9"/>`)
export const play = icon(svg`<path d="m5 3.5 7 4.5-7 4.5z"/>`)
export const earlier = icon(svg`<path d="m9.5 3.5-4.5 4.5 4.5 4.5"/>`)
export const later = icon(svg`<path d="m6.5 3.5 4.5 4.5-4.5 4.5"/>`)
