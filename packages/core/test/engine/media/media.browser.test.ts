import { expect, inject, onTestFinished, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { Link, Transport } from '../../../src/base/transport'
import { action, createPeer, type PeerOptions } from '../../../src/index'
import { DrawnCamera, Screen } from '../../support/pictures'
import { realTransport } from '../../support/real-transport'

const watch = action.media<{ camera: number } | undefined>('watch')

let count = 0

/** The real transport, and the links that were made through it. */
const watchedTransport = (): { transport: Transport; links: Link[] } => {
  const links: Link[] = []
  return {
    links,
    transport: {
      ...realTransport,
      join(id, options, events) {
        const noted = (link: Link) => {
          links.push(link)
          return link
        }
        const signalling = realTransport.join(id, options, {
          ...events,
          link: (link, standing) => events.link(noted(link), standing),
        })
        return {
          ...signalling,
          dial: async (...given) => noted(await signalling.dial(...given)),
        }
      },
    },
  }
}

const open = async (name: string) => {
  const { transport, links } = watchedTransport()
  const options: PeerOptions = {
    transport,
    server: { ...inject('signallingServer'), secure: false },
    iceServers: [],
    accept: 'anyone',
    reconnect: { minDelay: 50, maxDelay: 200 },
    onError: (error) => console.error(error),
  }
  const peer = createPeer(`${name}-${Date.now()}-${++count}`, options)
  onTestFinished(() => peer.destroy())
  await peer.open()
  return { peer, links }
}

const camera = (number: number): DrawnCamera => {
  const drawn = new DrawnCamera(number)
  onTestFinished(() => drawn.stop())
  return drawn
}

const screen = (stream: MediaStream): Screen => {
  const shown = new Screen(stream)
  onTestFinished(() => shown.remove())
  return shown
}

const meet = async () => {
  const device = await open('device')
  const asker = await open('asker')
  return { device, asker, connection: asker.peer.connect(device.peer.id) }
}

const connectionOf = (links: readonly Link[]) => links.at(-1)?.trackConnection as RTCPeerConnection

test('frames arrive, are the right ones, and go on after the link was cut', async () => {
  const { device, asker, connection } = await meet()
  device.peer.handle(watch, () => camera(5).stream)
  const stream = await connection.request(watch)
  const shown = screen(stream)
  await shown.shows(5)
  connectionOf(asker.links).close()
  await expect.poll(() => connection.$stats.get().links, { timeout: 15_000 }).toBe(2)
  await shown.shows(5)
})

test('a camera that is switched shows on, without another offer', async () => {
  const { device, asker, connection } = await meet()
  const [front, back] = [camera(1), camera(2)]
  const sent = new MediaStream([front.track])
  device.peer.handle(watch, () => sent)
  const shown = screen(await connection.request(watch))
  await shown.shows(1)
  const offers = connectionOf(asker.links).remoteDescription
  sent.removeTrack(front.track)
  sent.addTrack(back.track)
  await shown.shows(2)
  expect(connectionOf(asker.links).remoteDescription?.sdp).toBe(offers?.sdp)
})

test('both sides watch each other at once', async () => {
  const { device, asker, connection } = await meet()
  device.peer.handle(watch, () => camera(3).stream)
  asker.peer.handle(watch, () => camera(4).stream)
  await connection.request(watch).then((stream) => screen(stream).shows(3))
  const back = device.peer.connect(asker.peer.id)
  const [theirs, ours] = await Promise.all([connection.request(watch), back.request(watch)])
  await Promise.all([screen(theirs).shows(3), screen(ours).shows(4)])
})

test('a hundred starts and stops leave the description as it was, and nothing goes over the signalling server', async () => {
  const { device, asker, connection } = await meet()
  const drawn = camera(6)
  device.peer.handle(watch, () => drawn.stream)
  const round = async () => {
    const abort = new AbortController()
    const stream = await connection.request(watch, undefined, { signal: abort.signal })
    expect(stream.getVideoTracks()).toHaveLength(1)
    abort.abort()
  }
  await round()
  const connections = [device.links, asker.links].map(connectionOf)
  const sections = () => connections.map((one) => one.localDescription?.sdp.match(/^m=/gm)?.length)
  for (let rounds = 0; rounds < 100; rounds++) await round()
  expect(sections()).toEqual([2, 2])
  await expect
    .poll(() =>
      connections.map((one) => one.getTransceivers().map(({ currentDirection }) => currentDirection)),
    )
    .toEqual([['inactive'], ['inactive']])
  expect(connections.map((one) => one.getSenders().map(({ track }) => track))).toEqual([[null], [null]])
})

test('sound arrives, too', async () => {
  const { device, connection } = await meet()
  // Without a gesture of the user's a page may not sound.
  await userEvent.click(document.body)
  const sound = new AudioContext()
  await sound.resume()
  const tone = sound.createOscillator()
  const destination = sound.createMediaStreamDestination()
  tone.connect(destination)
  tone.start()
  device.peer.handle(watch, () => destination.stream)
  const stream = await connection.request(watch)
  const analyser = new AnalyserNode(sound, { fftSize: 2048 })
  // Chromium decodes what an element plays.
  screen(stream)
  sound.createMediaStreamSource(stream).connect(analyser)
  const loudest = () => {
    const samples = new Float32Array(analyser.fftSize)
    analyser.getFloatTimeDomainData(samples)
    return Math.max(...samples)
  }
  await expect.poll(loudest, { timeout: 10_000 }).toBeGreaterThan(0.1)
  await sound.close()
})
