import { afterEach, expect, test } from 'vitest'
import { action } from '../../../src/base/action'
import type { Peer } from '../../../src/base/types'
import { createPeer } from '../../../src/peer/registry'
import { createTestNetwork } from '../../../testing'
import { VirtualClock } from '../../support/virtual-clock'

const MB = 1_000_000
const MiB = 1024 * 1024

const download = action.bytes<{ size: number }>('download')

let peers: Peer[] = []
let clock = new VirtualClock()

afterEach(async () => {
  let destroyed = 0
  for (const peer of peers) void peer.destroy().then(() => destroyed++)
  await clock.runUntil(() => destroyed === peers.length)
  peers = []
})

/** Two peers on a path; `ahead` is by how much the device has run ahead of the reader, at most. */
const onPath = async (rate: number, roundTrip: number) => {
  clock = new VirtualClock()
  const net = createTestNetwork({ clock, rate, delay: roundTrip / 2 })
  const device = createPeer('device', { transport: net.transport, accept: 'anyone' })
  const asker = createPeer('asker', { transport: net.transport })
  peers = [device, asker]
  for (const peer of peers) void peer.open()
  const figures = { produced: 0, read: 0, ahead: 0 }
  device.handle(download, ({ size }) => {
    const chunk = new Uint8Array(64 * 1024)
    return new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (figures.produced >= size) {
            controller.close()
            return
          }
          controller.enqueue(chunk)
          figures.produced += chunk.length
          figures.ahead = Math.max(figures.ahead, figures.produced - figures.read)
        },
      },
      { highWaterMark: 0 },
    )
  })
  const connection = asker.connect('device')
  return { connection, figures, net }
}

/** Reads all of it and returns the rate over the second half, bytes per second. */
const settledRate = async ({ connection, figures }: Awaited<ReturnType<typeof onPath>>, size: number) => {
  let halfAt = 0
  let doneAt = 0
  const reading = (async () => {
    const response = await connection.request(download, { size }, { timeout: 0 })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      figures.read += value.length
      if (halfAt === 0 && figures.read >= size / 2) halfAt = clock.now()
    }
    doneAt = clock.now()
  })()
  await clock.runUntil(() => doneAt > 0)
  await reading
  return (size / 2 / (doneAt - halfAt)) * 1000
}

test('one stream fills a path of 100 Mbit/s and 100 ms round trip, with a bounded window', async () => {
  const path = await onPath(12.5 * MB, 100)
  const rate = await settledRate(path, 60 * MB)
  expect(rate).toBeGreaterThan(0.9 * 12.5 * MB)
  expect(path.figures.ahead).toBeLessThan(4 * MiB + 512 * 1024)
})

test('on a path like loopback the window stays small and the rate full', async () => {
  const path = await onPath(28 * MB, 1)
  const rate = await settledRate(path, 60 * MB)
  expect(rate).toBeGreaterThan(0.9 * 28 * MB)
  expect(path.figures.ahead).toBeLessThan(1 * MiB)
})

test('a reader that stops stops the producer within the window', async () => {
  const { connection, figures } = await onPath(28 * MB, 1)
  let body: ReadableStream<Uint8Array> | null = null
  void connection.request(download, { size: 100 * MB }, { timeout: 0 }).then((response) => {
    body = response.body
  })
  await clock.runUntil(() => body !== null)
  await clock.advance(60_000)
  expect(figures.produced).toBeLessThanOrEqual(768 * 1024)
  void (body as ReadableStream<Uint8Array> | null)?.cancel()
})
