import { expect, onTestFinished, test } from 'vitest'
import { action, type Connection } from '../../../src/index'
import { camera, meet, screen } from '../../support/watching'

const watch = action.media('watch')

/** The figures are read while somebody looks. */
const look = ({ $stats }: Connection) => {
  onTestFinished($stats.listen(() => {}))
  return () => $stats.get().media
}

const flow = {
  bitrate: expect.toSatisfy((bits: number) => bits > 1000 && bits < 10_000_000),
  framesPerSecond: expect.toSatisfy((frames: number) => frames > 1 && frames <= 40),
  width: 320,
  height: 80,
  packetsLost: 0,
}

test('the figures of a running stream are there on both sides, each for its direction, and gone with it', async () => {
  const { device, asker, connection } = await meet()
  device.peer.handle(watch, () => camera(1).stream)
  const received = look(connection)
  const abort = new AbortController()
  screen(await connection.request(watch, undefined, { signal: abort.signal }))
  const sent = look(device.peer.connect(asker.peer.id))
  await expect.poll(received, { timeout: 20_000 }).toEqual({ received: flow, sent: null })
  await expect.poll(sent, { timeout: 20_000 }).toEqual({ received: null, sent: flow })
  abort.abort()
  await expect.poll(received, { timeout: 20_000 }).toBe(null)
  await expect.poll(sent, { timeout: 20_000 }).toBe(null)
})
