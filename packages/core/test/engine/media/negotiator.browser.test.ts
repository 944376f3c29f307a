import { expect, onTestFinished, test } from 'vitest'
import { Negotiator } from '../../../src/engine/media/negotiator'

type Kind = 'audio' | 'video'

/** As a browser would say it that numbers RTP header extensions from the other end. Its own undo. */
const renumbered = (sdp: string): string =>
  sdp.replace(/^a=extmap:(\d+)/gm, (line, id: string) =>
    Number(id) < 15 ? `a=extmap:${15 - Number(id)}` : line,
  )

/** Two connections whose descriptions know of each other's data channel, as the signalling server leaves them. */
const connect = async () => {
  const [polite, impolite] = [new RTCPeerConnection(), new RTCPeerConnection()]
  onTestFinished(() => {
    polite.close()
    impolite.close()
  })
  polite.createDataChannel('any')
  await polite.setLocalDescription()
  await impolite.setRemoteDescription(polite.localDescription as RTCSessionDescription)
  await impolite.setLocalDescription()
  await polite.setRemoteDescription(impolite.localDescription as RTCSessionDescription)
  return { polite, impolite }
}

/** Two that number their extensions each in its own way, and negotiate. */
const negotiate = async () => {
  const { polite, impolite } = await connect()
  const wrong: unknown[] = []
  let yielded = 0
  const negotiatorOf = (connection: RTCPeerConnection, other: () => Negotiator): Negotiator =>
    new Negotiator(connection, connection === polite, {
      check() {},
      offering() {},
      send: ({ type, sdp }) => other().receive({ type, sdp: renumbered(sdp) }),
      changed() {},
      refused: (error) => wrong.push(error.message),
      failed: (error) => wrong.push(String(error)),
    })
  const first: Negotiator = negotiatorOf(polite, () => second)
  const second: Negotiator = negotiatorOf(impolite, () => first)
  polite.addEventListener('signalingstatechange', () => {
    // Both offer in one turn, so that this one takes its own back.
    if (polite.signalingState === 'have-remote-offer') yielded++
  })
  const directions = () =>
    [polite, impolite].flatMap((one) => one.getTransceivers().map(({ currentDirection }) => currentDirection))
  return {
    /** Each side sends more, both from the same turn on; resolves when all of it is agreed on. */
    async start(ours: readonly Kind[], theirs: readonly Kind[]) {
      const sections = directions().length / 2 + ours.length + theirs.length
      for (const kind of ours) polite.addTransceiver(kind, { direction: 'sendonly' })
      for (const kind of theirs) impolite.addTransceiver(kind, { direction: 'sendonly' })
      if (ours.length > 0) first.needed()
      if (theirs.length > 0) second.needed()
      await expect
        .poll(
          () => wrong.length > 0 || (directions().length === 2 * sections && !directions().includes(null)),
        )
        .toBe(true)
      expect(wrong).toEqual([])
    },
    yielded: () => yielded,
  }
}

test.for<readonly [Kind[], Kind[]]>([
  [['video'], ['video']],
  [['audio'], ['video']],
  [['video', 'audio'], ['video']],
  [
    ['audio', 'video'],
    ['audio', 'video'],
  ],
])(
  'an offer of %s that was taken back for one of %s, and numbered otherwise, is in nobody’s way',
  async ([ours, theirs]) => {
    const { start, yielded } = await negotiate()
    await start(ours, theirs)
    expect(yielded()).toBe(1)
    // Nor later: what the other has not said before comes with numbers of its own, and we offer once more, too.
    await start([], ['audio', 'video'])
    await start(['video', 'audio'], ['video'])
    await start(['audio'], [])
  },
)

test('what was agreed on keeps its numbers, whoever offers next', async () => {
  const { start } = await negotiate()
  await start(['video', 'audio'], [])
  await start([], ['audio', 'video'])
  await start(['video'], ['audio'])
})
