import { describe, expect, test } from 'vitest'
import { linkHistoryOf, packRequests } from '../../src/model/timeline'
import type { Entry, Happening } from '../../src/record/entry'
import { RequestRecord } from '../../src/record/request'

const entries = (...happenings: readonly (readonly [at: number, happening: Happening])[]): Entry[] =>
  happenings.map(([at, happening]) => ({ at, peerId: 'laptop', remoteId: 'nas', happening }))
const status = (state: 'open' | 'unstable' | 'reconnecting' | 'closed'): Happening => ({
  type: 'status',
  state,
  error: null,
})
const up = (link: number): Happening => ({ type: 'link-up', link, inbound: false })
const down = (link: number, duration: number): Happening => ({
  type: 'link-down',
  link,
  duration,
  code: 'CONNECTION_LOST',
})

const request = (from: number, to: number | null) => {
  const record = new RequestRecord('out', 'laptop', 'nas', `${from}`, 'files.read', from)
  if (to !== null) record.finish(null, to)
  return record
}

describe('the spans of a connection', () => {
  test('are its dials, its links, and the time without one', () => {
    const { spans, marks } = linkHistoryOf(
      entries(
        [0, { type: 'dial-started' }],
        [10, status('open')],
        [10, up(1)],
        [10, { type: 'session-began' }],
        [50, status('reconnecting')],
        [50, down(1, 40)],
        [51, { type: 'dial-started' }],
        [60, { type: 'dial-failed', duration: 9, code: 'NETWORK' }],
        [70, { type: 'dial-started' }],
        [80, status('open')],
        [80, up(2)],
        [80, { type: 'session-resumed', duration: 30 }],
      ),
    )
    expect(spans.map(({ kind, from, to, link, code }) => [kind, from, to, link, code])).toEqual([
      ['dial', 0, 10, 0, null],
      ['link', 10, 50, 1, 'CONNECTION_LOST'],
      ['dial', 51, 60, 0, 'NETWORK'],
      ['dial', 70, 80, 0, null],
      ['away', 50, 80, 0, null],
      ['link', 80, null, 2, null],
    ])
    expect(marks).toEqual([
      { at: 10, kind: 'session' },
      { at: 80, kind: 'resumed' },
    ])
  })

  test('say when a link was silent, and stop with it', () => {
    const { spans } = linkHistoryOf(
      entries(
        [0, up(1)],
        [5, status('unstable')],
        [8, status('open')],
        [20, status('unstable')],
        [30, down(1, 30)],
      ),
    )
    expect(spans.filter(({ kind }) => kind === 'unstable').map(({ from, to }) => [from, to])).toEqual([
      [5, 8],
      [20, 30],
    ])
  })

  test('have their beginning where it was forgotten, from how long they took', () => {
    const { spans } = linkHistoryOf(
      entries([100, down(7, 60)], [110, { type: 'dial-failed', duration: 5, code: 'TIMEOUT' }]),
    )
    expect(spans.map(({ kind, from, to, link }) => [kind, from, to, link])).toEqual([
      ['link', 40, 100, 7],
      ['dial', 105, 110, 0],
    ])
  })

  test('show no failure where a dial was given up because the remote dialled first', () => {
    const { spans } = linkHistoryOf(
      entries([0, { type: 'dial-started' }], [5, { type: 'dial-failed', duration: 5, code: 'ABORTED' }]),
    )
    expect(spans).toEqual([{ kind: 'dial', from: 0, to: 5, link: 0, code: null }])
  })
})

describe('requests', () => {
  test('are put into as few rows as hide none of them', () => {
    const long = request(0, 100)
    const within = request(10, 20)
    const behind = request(40, 50)
    const running = request(45, null)
    const { rows, hidden } = packRequests([long, within, behind, running], 5, 6)
    expect(rows).toEqual([[long], [within, behind], [running]])
    expect(hidden).toBe(0)
  })

  test('are counted where there is no row for them', () => {
    const all = Array.from({ length: 5 }, (_, index) => request(index, null))
    const { rows, hidden } = packRequests(all, 0, 3)
    expect(rows.flat()).toEqual(all.slice(0, 3))
    expect(hidden).toBe(2)
  })
})
