import { ActionError, NanopeerError } from '@nanopeer/core'
import { describe, expect, test } from 'vitest'
import { describeFailure } from '../pages/shared/failure'
import { formatBytes, formatRoute } from '../pages/shared/format'
import { iconOf } from '../pages/shared/icons'
import { addLine } from '../pages/shared/lines'
import { formatProgress, percentOf } from '../pages/shared/progress'
import { createQueue } from '../pages/shared/queue'
import { describeAway, toneOf } from '../pages/shared/status'
import type { LogLine } from '../shared/actions'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [24 * 1024 * 1024, '24.0 MiB'],
  [5 * 1024 ** 5, '5120.0 TiB'],
])('%i bytes are shown as %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown)
})

describe('the way to the device', () => {
  const stats = { rtt: null, route: null, sent: 0, received: 0, links: 0, media: null }

  test('is not shown while nothing is known', () => expect(formatRoute(stats)).toBe(''))

  test('is shown as far as it is known', () => {
    expect(formatRoute({ ...stats, route: 'direct' })).toBe('direct')
    expect(formatRoute({ ...stats, route: 'relay', rtt: 41.7 })).toBe('relay · 42 ms')
    expect(formatRoute({ ...stats, route: 'direct', rtt: 1.23 })).toBe('direct · 1.2 ms')
  })
})

describe('a transfer', () => {
  test('waits until bytes have moved', () => expect(formatProgress(null)).toBe('Waiting …'))

  test('has no percentage while its size is unknown', () => {
    expect(percentOf({ loaded: 10 })).toBeUndefined()
    expect(formatProgress({ loaded: 2048 })).toBe('2.0 KiB')
  })

  test('says 100 % only when all of it is there', () => {
    expect(percentOf({ loaded: 999, total: 1000 })).toBe(99)
    expect(percentOf({ loaded: 1000, total: 1000 })).toBe(100)
  })
})

describe('the message about a device', () => {
  const lost = new NanopeerError('PEER_UNAVAILABLE', 'No device is registered here.')
  const known = { error: null, retryAt: null, isKnown: true, now: 0 }

  test('is absent while it is open, and while it is dialled for the first time', () => {
    expect(describeAway({ ...known, state: 'open' })).toBeNull()
    expect(describeAway({ ...known, state: 'connecting', isKnown: false })).toBeNull()
  })

  test('stays while it is dialled again', () => {
    expect(describeAway({ ...known, state: 'connecting' })?.title).toBe('The device is away.')
    expect(describeAway({ ...known, state: 'connecting', isKnown: false, error: lost })).toMatchObject({
      text: 'No device is registered here.',
      next: 'Trying now …',
    })
  })

  test('counts down to the next attempt', () => {
    const message = describeAway({ ...known, state: 'closed', error: lost, retryAt: 4200, now: 1000 })
    expect(message?.next).toBe('Trying again in 4 s.')
  })

  test('is milder while the session may yet go on', () => {
    expect(describeAway({ ...known, state: 'unstable' })?.tone).toBe('busy')
    expect(describeAway({ ...known, state: 'reconnecting' })?.tone).toBe('busy')
    expect(describeAway({ ...known, state: 'closed' })?.tone).toBe('bad')
  })
})

test('only an open state is good', () => {
  expect(toneOf('open')).toBe('good')
  expect(toneOf('unstable')).toBe('busy')
  expect(toneOf('closed')).toBe('bad')
})

test('what a person has cancelled is not shown as a failure', () => {
  expect(describeFailure(null)).toBe('')
  expect(describeFailure(new NanopeerError('ABORTED', 'The run was aborted.'))).toBe('')
  expect(describeFailure(new ActionError(404, 'There is no such file.'))).toBe('There is no such file.')
})

test('an icon follows the ending of a name', () => {
  const entry = { kind: 'file', size: 0, modified: new Date() } as const
  expect(iconOf({ ...entry, name: 'WAVE.SVG' })).toBe('image')
  expect(iconOf({ ...entry, name: 'unknown' })).toBe('file')
  expect(iconOf({ ...entry, kind: 'folder', name: 'photos.zip' })).toBe('folder')
})

describe('lines of the log', () => {
  const line = (number: number, time = number): LogLine => ({
    number,
    time: new Date(time),
    level: 'info',
    text: '',
  })

  test('that come once more after a reconnect are not added again', () => {
    const lines = [line(1), line(2)].reduce<readonly LogLine[]>(addLine, [])
    expect(addLine(lines, line(2))).toBe(lines)
  })

  test('of a device that was started again are added, though their numbers begin again', () => {
    expect(addLine([line(0)], line(0, 5000))).toHaveLength(2)
  })

  test('are no more than 200', () => {
    const many = Array.from({ length: 250 }, (_, number) => line(number))
    const lines = many.reduce<readonly LogLine[]>(addLine, [])
    expect(lines.map(({ number }) => number)).toEqual(many.slice(-200).map(({ number }) => number))
  })
})

test('tasks of a queue run one after another', async () => {
  const queue = createQueue()
  const heard: string[] = []
  const task = (name: string) => async () => {
    heard.push(`${name} begins`)
    await Promise.resolve()
    heard.push(`${name} ends`)
  }
  await Promise.all([queue(task('first')), queue(task('second'))])
  expect(heard).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})
