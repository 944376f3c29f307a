import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createMediaViews } from '../../../src/adapter'
import { action } from '../../../src/index'
import { cut } from '../../support/open-connections'
import { camera, connectionOf, meet, screen, type Watching } from '../../support/watching'

const watch = action.media<{ camera: number } | undefined>('watch')
const echo = action<string, string>('echo')

test('frames arrive, are the right ones, and go on after the link was cut', async () => {
  const { device, asker, connection } = await meet()
  device.peer.handle(watch, () => camera(5).stream)
  const stream = await connection.request(watch)
  const shown = screen(stream)
  await shown.shows(5)
  cut(connectionOf(asker))
  await expect.poll(() => connection.$stats.get().links, { timeout: 15_000 }).toBe(2)
  await shown.shows(5)
})

test('the last picture stays while there is no link, and the next one follows it', async () => {
  const { device, connection, asker } = await meet()
  device.peer.handle(watch, () => camera(5).stream)
  const abort = new AbortController()
  const shown = screen(await connection.request(watch, undefined, { signal: abort.signal }))
  await shown.shows(5)
  const seen = shown.count()
  const before = connectionOf(asker)
  const dial = asker.holdDials()
  void asker.links.at(-1)?.close(0)
  await expect.poll(() => connection.$status.value?.state).toBe('reconnecting')
  // Whatever a connection that is closed puts on the screen is there by then.
  for (let frames = 0; frames < 10; frames++) await new Promise(requestAnimationFrame)
  expect(shown.read()?.camera).toBe(5)
  dial()
  await expect.poll(() => connection.$stats.get().links, { timeout: 15_000 }).toBe(2)
  await shown.shows(5)
  expect(Object.keys(seen())).toEqual(['5'])
  expect(before.connectionState).toBe('closed')
  // Nor is one kept that nobody looks at any more.
  const last = connectionOf(asker)
  asker.holdDials()
  void asker.links.at(-1)?.close(0)
  await expect.poll(() => connection.$status.value?.state).toBe('reconnecting')
  expect(last.connectionState).not.toBe('closed')
  abort.abort()
  await expect.poll(() => last.connectionState).toBe('closed')
})

test('a camera that is switched shows on, without another offer', async () => {
  const { device, asker, connection } = await meet()
  const [front, back] = [camera(1), camera(2)]
  const sent = new MediaStream([front.track])
  device.peer.handle(watch, () => sent)
  const shown = screen(await connection.request(watch))
  await shown.shows(1)
  const offers = connectionOf(asker).remoteDescription
  sent.removeTrack(front.track)
  sent.addTrack(back.track)
  await shown.shows(2)
  expect(connectionOf(asker).remoteDescription?.sdp).toBe(offers?.sdp)
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
  const connections = [device, asker].map(connectionOf)
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

/** What each section of ours sends. */
const sent = (side: Watching) =>
  connectionOf(side)
    .getSenders()
    .map(({ track }) => track)

test('an abort stops the sender within a round trip, and so does who watches no longer', async () => {
  const { device, connection } = await meet()
  const { stream, track } = camera(1)
  const over: string[] = []
  device.peer.handle(echo, (text) => text)
  device.peer.handle(watch, (_input, { signal }) => {
    signal.addEventListener('abort', () => over.push('over'))
    return stream
  })
  const abort = new AbortController()
  await connection.request(watch, undefined, { signal: abort.signal })
  expect(sent(device)).toEqual([track])
  abort.abort()
  // What is asked next is answered later than that is heard.
  await connection.request(echo, 'there and back')
  expect(over).toEqual(['over'])
  // The browser takes the track out in threads of its own, which may be behind the answer.
  await expect.poll(() => sent(device)).toEqual([null])

  const view = createMediaViews<typeof watch>().view(connection, watch, undefined)
  const unmount = view.listen(() => {})
  await expect.poll(() => view.value.status).toBe('active')
  expect(sent(device)).toEqual([track])
  const isAsked = () => connection.$requests.get().length > 0
  const stopped = new Promise<void>((resolve) => {
    const unlisten = connection.$requests.listen(() => {
      if (isAsked()) return
      queueMicrotask(unlisten)
      resolve()
    })
  })
  unmount()
  await stopped
  await connection.request(echo, 'there and back')
  expect(over).toEqual(['over', 'over'])
  await expect.poll(() => sent(device)).toEqual([null])
  // The section is there for the next one, and the camera is the app's.
  expect(track.readyState).toBe('live')
})
