import { expect, test } from 'vitest'
import { MediaFigures } from '../../../src/engine/media/figures'

const report = (...entries: readonly { readonly id: string }[]) =>
  new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport

const received = (id: string, timestamp: number, bytesReceived: number, rest: object = {}) => {
  return { id, type: 'inbound-rtp', timestamp, bytesReceived, ...rest }
}

const sent = (id: string, timestamp: number, bytesSent: number, rest: object = {}) => {
  return { id, type: 'outbound-rtp', timestamp, bytesSent, ...rest }
}

test('bits per second are what has come since the last report, of all tracks that move; frames and losses add up', () => {
  const figures = new MediaFigures()
  const picture = { framesPerSecond: 29.6, frameWidth: 640, frameHeight: 360, packetsLost: 3 }
  const first = [
    received('video', 1000, 5000, picture),
    received('sound', 1000, 100),
    received('old', 1000, 9000),
  ]
  // By how much it has grown is not known yet.
  expect(figures.read(report(...first))).toBe(null)
  const small = { framesPerSecond: 10, frameWidth: 320, frameHeight: 180, packetsLost: 1 }
  const second = [
    received('video', 1500, 6000, picture),
    received('sound', 1500, 200, { packetsLost: 2 }),
    received('old', 1500, 9000, { packetsLost: 7 }),
    received('new', 1500, 500, small),
  ]
  expect(figures.read(report(...second))).toEqual({
    received: { bitrate: 17_600, framesPerSecond: 30, width: 640, height: 360, packetsLost: 5 },
    sent: null,
  })
  const third = [received('new', 2500, 1500, small), ...second.slice(0, 3)]
  expect(figures.read(report(...third))).toMatchObject({
    received: { bitrate: 8000, width: 320, height: 180, packetsLost: 1 },
  })
})

test('what is lost of what is sent is what the remote reports', () => {
  const figures = new MediaFigures()
  const lost = { id: 'at the remote', type: 'remote-inbound-rtp', timestamp: 1, packetsLost: 4 }
  figures.read(report(sent('sound', 0, 0)))
  expect(figures.read(report(sent('sound', 1000, 1000), lost))).toEqual({
    received: null,
    sent: { bitrate: 8000, framesPerSecond: 0, width: null, height: null, packetsLost: 4 },
  })
})
