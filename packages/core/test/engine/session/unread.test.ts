import { beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/base/clock'
import { NanopeerError } from '../../../src/base/errors'
import type { Link, LinkEvents } from '../../../src/base/transport'
import { HeldBytes } from '../../../src/engine/session/held-bytes'
import { Session } from '../../../src/engine/session/session'
import type { Unread } from '../../../src/engine/session/unread'
import { encodeFrames, FrameType } from '../../../src/engine/wire/frame'

let tasks: (() => void)[]
let told: string[]
/** What each frame has to be read in later turns, by its text. */
let later: Record<string, () => Unread>
let session: Session
let link: LinkEvents

const runAll = () => {
  while (tasks.length > 0) tasks.shift()?.()
}

const messages = (...texts: string[]) =>
  encodeFrames(
    ...texts.map((text) => ({
      type: FrameType.Message,
      stream: 0,
      payload: new TextEncoder().encode(text),
      more: false,
    })),
  )

beforeEach(() => {
  tasks = []
  told = []
  later = {}
  const clock = { ...systemClock, after: () => () => {}, soon: (task: () => void) => void tasks.push(task) }
  const events = {
    frame: ({ payload }: { payload: Uint8Array }) => {
      const text = new TextDecoder().decode(payload)
      told.push(text)
      return later[text] ?? null
    },
    heard: () => {},
    wrote: () => {},
    lost: () => void told.push('lost'),
    ended: ({ code }: NanopeerError) => void told.push(`ended: ${code}`),
  }
  const held = new HeldBytes(clock).enter(() => {})
  session = new Session(clock, { unacknowledged: 1024 * 1024 }, events, held)
  const carrier = {
    maxMessageSize: 262_144,
    bufferedAmount: 0,
    listen: (given: LinkEvents) => {
      link = given
      return () => {}
    },
    send: () => {},
    close: async () => {},
  }
  const start = { received: 0, begun: true, number: 1, requests: null, rest: [] }
  session.attach(carrier as unknown as Link, start)
})

test.each<[string, () => Unread]>([
  [
    'it has ended the session',
    () => () => {
      session.stop()
      return null
    },
  ],
  [
    'its link was given up: it comes again over the next',
    () => {
      session.detach()
      return null
    },
  ],
])('nothing behind a large value is heard, or counted, once %s', (_, read) => {
  later['large'] = read
  link.message(messages('large', 'behind', 'last'))
  runAll()
  expect(told).toEqual(['large'])
  expect(session.receivedCount).toBe(1)
})

test('a session that ends over the rest of a large value, when its link is lost, is not told lost besides', () => {
  later['large'] = () => () => {
    throw new NanopeerError('PROTOCOL', 'Broken.')
  }
  link.message(messages('large'))
  // More than may wait to be read gives the link up.
  const flood = new Uint8Array(8 * 1024 * 1024)
  for (let count = 0; count < 5; count++) link.message(flood)
  runAll()
  expect(told).toEqual(['large', 'ended: PROTOCOL'])
})
