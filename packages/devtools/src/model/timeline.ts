import type { Entry } from '../record/entry'
import type { RequestRecord } from '../record/request'

/** A part of a connection's time. Times are epoch ms; `to` is null while it goes on. */
export interface Span {
  readonly kind: 'dial' | 'link' | 'unstable' | 'away'
  readonly from: number
  readonly to: number | null
  /** The link's number, or 0. */
  readonly link: number
  /** Why it ended, where it did not go well. */
  readonly code: string | null
}

/** A moment of a connection. */
export interface Mark {
  readonly at: number
  readonly kind: 'session' | 'resumed' | 'refused' | 'limit'
}

/** What happened on one connection, in parts. */
export interface LinkHistory {
  readonly spans: readonly Span[]
  readonly marks: readonly Mark[]
}

/** Makes spans of entries, which are in order; the beginning of the first ones may have been forgotten. */
export const linkHistoryOf = (entries: Iterable<Entry>): LinkHistory => {
  const spans: Span[] = []
  const marks: Mark[] = []
  const open = new Map<Span['kind'], Span>()

  const begin = (kind: Span['kind'], at: number, link = 0) => {
    end(kind, at)
    open.set(kind, { kind, from: at, to: null, link, code: null })
  }
  const end = (kind: Span['kind'], at: number, code: string | null = null) => {
    const span = open.get(kind)
    open.delete(kind)
    if (span) spans.push({ ...span, to: at, code })
    return span !== undefined
  }

  for (const { at, happening } of entries) {
    switch (happening.type) {
      case 'dial-started':
        begin('dial', at)
        break
      case 'dial-failed': {
        const code = happening.code === 'ABORTED' ? null : happening.code
        if (!end('dial', at, code)) {
          spans.push({ kind: 'dial', from: at - happening.duration, to: at, link: 0, code })
        }
        break
      }
      case 'link-up':
        end('dial', at)
        end('away', at)
        begin('link', at, happening.link)
        break
      case 'link-down':
        end('unstable', at)
        if (!end('link', at, happening.code)) {
          const { duration, link, code } = happening
          spans.push({ kind: 'link', from: at - duration, to: at, link, code })
        }
        break
      case 'session-began':
        marks.push({ at, kind: 'session' })
        break
      case 'session-resumed':
        marks.push({ at, kind: 'resumed' })
        break
      case 'refused':
        marks.push({ at, kind: 'refused' })
        break
      case 'limit-hit':
        marks.push({ at, kind: 'limit' })
        break
      case 'status':
        if (happening.state === 'unstable') begin('unstable', at)
        else end('unstable', at)
        if (happening.state === 'reconnecting' && !open.has('away')) begin('away', at)
        if (happening.state === 'closed' || happening.state === 'idle') end('away', at)
        break
    }
  }
  spans.push(...open.values())
  return { spans, marks }
}

/** Requests in rows, none over another. */
export interface Rows {
  readonly rows: readonly (readonly RequestRecord[])[]
  /** Requests for which there was no row. */
  readonly hidden: number
}

/**
 * Puts requests into as few rows as they fit in, in the order in which they began.
 *
 * @param gap ms that must be free between two in one row, so that neither hides the other
 */
export const packRequests = (requests: readonly RequestRecord[], gap: number, mostRows: number): Rows => {
  const rows: RequestRecord[][] = []
  const freeFrom: number[] = []
  let hidden = 0
  for (const request of requests) {
    const fitting = freeFrom.findIndex((free) => free <= request.startedAt)
    const row = fitting >= 0 ? fitting : rows.length
    if (row >= mostRows) {
      hidden++
      continue
    }
    rows[row] = [...(rows[row] ?? []), request]
    freeFrom[row] = (request.end?.at ?? Number.POSITIVE_INFINITY) + gap
  }
  return { rows, hidden }
}
