import type { NanopeerError } from '../../base/errors'

/** Where one server stands, or all of them together. */
export type Status =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  | { readonly state: 'disconnected'; readonly error: NanopeerError; readonly retryAt: number | null }

/** What several servers are together: open if any is, connecting if any may yet be, else the soonest attempt. */
export const combine = (all: readonly Status[]): Status => {
  if (all.some(({ state }) => state === 'open')) return { state: 'open' }
  const lost = all.filter((status) => status.state === 'disconnected')
  const [first] = lost
  if (!first || lost.length < all.length) return { state: 'connecting' }
  const times = lost.map(({ retryAt }) => retryAt).filter((time) => time !== null)
  return { ...first, retryAt: times.length > 0 ? Math.min(...times) : null }
}

export const isSameStatus = (a: Status, b: Status): boolean =>
  a.state === 'disconnected' && b.state === 'disconnected'
    ? a.error === b.error && a.retryAt === b.retryAt
    : a.state === b.state
