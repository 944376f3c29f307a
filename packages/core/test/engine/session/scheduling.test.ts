import { expect, test } from 'vitest'
import { action } from '../../../src/base/action'
import type { Link, Transport } from '../../../src/base/transport'
import type { Connection, Limits } from '../../../src/base/types'
import { createWorld } from '../../support/world'

const MB = 1_000_000
const KiB = 1024
const download = action.bytes<{ size: number }>('download')
const echo = action<string, string>('echo')

/** A transport that shows every link before anybody uses it. */
const watching = (transport: Transport, seen: (link: Link) => void): Transport => ({
  ...transport,
  join(id, options, events) {
    const show = (link: Link): Link => {
      seen(link)
      return link
    }
    const signalling = transport.join(id, options, {
      ...events,
      offer: (offer) => events.offer?.(offer) ?? 'stranger',
      open: () => events.open(),
      link: (link, standing) => events.link(show(link), standing),
    })
    return {
      dial: async (remoteId, dial) => show(await signalling.dial(remoteId, dial)),
      dialPlain: (remoteId, dial) => signalling.dialPlain(remoteId, dial),
      retry: () => signalling.retry(),
      leave: () => signalling.leave(),
    }
  },
})

/** A device that serves downloads on a path of `rate` bytes per second and 1 ms there and back. */
const onPath = (rate: number, seen: (link: Link) => void = () => {}, limits: Partial<Limits> = {}) => {
  const world = createWorld({ rate, delay: 0.5 })
  const transport = watching(world.net.transport, seen)
  const device = world.device('nas', { transport, limits })
  device.handle(echo, (text) => text)
  device.handle(download, ({ size }) => {
    let left = size
    return new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (left <= 0) return controller.close()
          left -= 64 * KiB
          controller.enqueue(new Uint8Array(64 * KiB))
        },
      },
      { highWaterMark: 0 },
    )
  })
  return { ...world, connection: world.create('laptop', { transport }).connect('nas') }
}

/** Reads to the end; `arrived` hears of every chunk. */
const read = async (connection: Connection, size: number, arrived = (_bytes: number) => {}) => {
  const { body } = await connection.request(download, { size }, { timeout: 0 })
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) arrived(part.value.length)
}

test.each([
  ['28 MB/s', 28 * MB, 30],
  ['10 Mbit/s', 1.25 * MB, 120],
])('on %s a small request overtakes a stream that fills the path', async (_name, rate, limit) => {
  const { clock, connection, settled } = onPath(rate)
  let isOver = false
  const reading = read(connection, rate * 4).then(() => {
    isOver = true
  })
  const times: number[] = []
  await clock.advance(1000)
  while (!isOver) {
    const start = clock.now()
    await settled(connection.request(echo, 'now'))
    if (!isOver) times.push(clock.now() - start)
    await clock.advance(50)
  }
  await reading
  expect(times.length).toBeGreaterThan(20)
  expect(Math.max(...times)).toBeLessThan(limit)
})

test('streams take turns', async () => {
  const { connection, settled } = onPath(28 * MB)
  const loaded = [0, 0, 0, 0]
  let atFirstEnd: number[] | null = null
  const all = loaded.map(async (_, index) => {
    await read(connection, 8 * MB, (bytes) => {
      loaded[index] = (loaded[index] ?? 0) + bytes
    })
    atFirstEnd ??= [...loaded]
  })
  await settled(Promise.all(all))
  expect(Math.min(...(atFirstEnd as unknown as number[]))).toBeGreaterThan(0.8 * 8 * MB)
})

test("the channel's buffer stays under its bound, with several streams at once", async () => {
  let highest = 0
  const { connection, settled } = onPath(28 * MB, (link) => {
    const { send } = link
    link.send = (message) => {
      send.call(link, message)
      highest = Math.max(highest, link.bufferedAmount)
    }
  })
  await settled(Promise.all([1, 2, 3].map(() => read(connection, 8 * MB))))
  expect(highest).toBeGreaterThan(64 * KiB)
  // The frame that fills it goes whole, a quarter of the bound at most.
  expect(highest).toBeLessThanOrEqual((256 + 64) * KiB)
})

test('requests of one turn leave together, and many of them in several messages for the device to begin with', async () => {
  const messages: number[] = []
  const { clock, connection, settled } = onPath(28 * MB, (link) => {
    if (link.remoteId !== 'nas') return
    const { send } = link
    link.send = (message) => {
      send.call(link, message)
      messages.push(message.length)
    }
  })
  connection.$status.listen(() => {}) // Held, so that the second lot is not the first of a new session.
  const ask = (count: number) =>
    settled(
      Promise.all(
        Array.from({ length: count }, (_, index) => connection.request(echo, `${index}`.padEnd(60))),
      ),
    )
  await ask(1)
  await clock.advance(1000)
  messages.length = 0
  await ask(20)
  expect(messages.filter((size) => size > 100)).toHaveLength(1)
  await clock.advance(1000)
  messages.length = 0
  await ask(200)
  const large = messages.filter((size) => size > 100)
  expect(large.length).toBeGreaterThan(2)
  expect(Math.max(...large)).toBeLessThan(5 * KiB)
})

test('what a reader owes its sender goes in one message: an acknowledgement waits for the credit beside it', async () => {
  let back = 0
  const { connection, settled } = onPath(28 * MB, (link) => {
    if (link.remoteId !== 'nas') return
    const { send } = link
    link.send = (message) => {
      send.call(link, message)
      back++
    }
  })
  await settled(read(connection, 8 * MB))
  // One for every 128 KiB, which is half of the window that streams begin with, and some that opened it.
  expect(back).toBeLessThan((8 * MB) / (128 * KiB) + 8)
})

test.each([32, 128, 256])(
  'a sender that may have only %d KiB unacknowledged asks for an acknowledgement when it waits',
  async (size) => {
    const { clock, connection, settled } = onPath(28 * MB, undefined, { unacknowledged: size * KiB })
    const start = clock.now()
    await settled(read(connection, 4 * MB))
    // 143 ms is what the path takes; every stop costs a round trip of 1 ms and what the channel holds.
    expect(clock.now() - start).toBeLessThan(400)
  },
)

test('a stream goes on over a link that never says that its buffer is low', async () => {
  const { connection, settled } = onPath(28 * MB, (link) => {
    const { listen } = link
    link.listen = (events) => listen.call(link, { ...eventsOf(events), drained() {} })
  })
  let loaded = 0
  await settled(
    read(connection, 8 * MB, (bytes) => {
      loaded += bytes
    }),
  )
  expect(loaded).toBeGreaterThanOrEqual(8 * MB)
})

/** Bound, because they may be methods of a class. */
const eventsOf = (events: Parameters<Link['listen']>[0]): Parameters<Link['listen']>[0] => ({
  message: (bytes) => events.message(bytes),
  drained: () => events.drained(),
  closed: (...values) => events.closed(...values),
})
