import { expect, test } from 'vitest'
import { action } from '../../../src/index'
import { camera, connectionOf, meet, type Watching } from '../../support/watching'

const plain = action.media('plain')
const limited = action.media('limited', {
  maxBitrate: 123_000,
  contentHint: 'detail',
  degradation: 'maintain-resolution',
})

/** How the first section of ours sends: what the browser says itself. */
const sent = (side: Watching) => {
  const [sender] = connectionOf(side).getSenders()
  const parameters: (RTCRtpSendParameters & { degradationPreference?: string }) | undefined =
    sender?.getParameters()
  return [
    parameters?.encodings.map(({ maxBitrate }) => maxBitrate),
    parameters?.degradationPreference,
    sender?.track?.contentHint,
  ]
}

test('what an action says of its pictures reaches the sender: bits, hint, what is given up', async () => {
  const { device, connection } = await meet()
  device.peer.handle(limited, () => camera(1).stream)
  await connection.request(limited)
  await expect.poll(() => sent(device)).toEqual([[123_000], 'maintain-resolution', 'detail'])
})

test('a section that is used again for another action forgets the limits of the one before', async () => {
  const { device, connection } = await meet()
  device.peer.handle(limited, () => camera(1).stream)
  device.peer.handle(plain, () => camera(2).stream)
  const abort = new AbortController()
  await connection.request(limited, undefined, { signal: abort.signal })
  await expect.poll(() => sent(device)).toEqual([[123_000], 'maintain-resolution', 'detail'])
  abort.abort()
  await connection.request(plain)
  await expect.poll(() => sent(device)).toEqual([[undefined], 'balanced', ''])
  expect(connectionOf(device).getSenders()).toHaveLength(1)
})

test('a track that is added later is limited as the first one is, and one with a hint of its own keeps it', async () => {
  const { device, connection } = await meet()
  const [first, second] = [camera(1), camera(2)]
  second.track.contentHint = 'text'
  const stream = new MediaStream([first.track])
  device.peer.handle(limited, () => stream)
  await connection.request(limited)
  stream.removeTrack(first.track)
  stream.addTrack(second.track)
  await expect.poll(() => sent(device)).toEqual([[123_000], 'maintain-resolution', 'text'])
})
