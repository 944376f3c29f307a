import { expect, test } from 'vitest'
import { SessionMedia } from '../../../src/engine/media/index'
import type { Sent, Watch } from '../../../src/engine/rpc/media'
import type { LinkDescription, Tracks } from '../../../src/engine/wire/media'
import { createTestStream } from '../../../testing/index'
import { TestTrackConnection } from '../../../testing/track-connection'
import { Random } from '../../simulation/random'
import { labels, streamOf, track } from '../../support/stand-ins'

const { SEED, SEEDS } = process.env
const first = SEED === undefined ? 1 : Number(SEED)
const count = SEED === undefined ? Number(SEEDS ?? 1000) : 1

/** Longest that a run may take to come to rest, turns. */
const patience = 2000

/** An answer under way: what one side sends on a stream, and what the other shows of it. */
interface Answer {
  readonly from: Side
  readonly sent: MediaStream
  readonly sending: Sent
  readonly watch: Watch
  shown: MediaStream | null
}

/** What one side tells the other. */
type Said = { readonly stream: number; readonly tracks: Tracks } | { readonly description: LinkDescription }

/** One side of a session, with what it has said and is on its way: in order, and kept while there is no link. */
class Side {
  readonly outbox: Said[] = []
  readonly media: SessionMedia
  error: unknown = null

  constructor(isPolite: boolean) {
    this.media = new SessionMedia({
      sendTracks: (stream, tracks) => this.outbox.push({ stream, tracks: structuredClone(tracks) }),
      sendDescription: (description) => this.outbox.push({ description }),
      isPolite,
      createStream: () => streamOf(),
      fail: (error) => {
        this.error ??= error
      },
      report: (error) => {
        this.error ??= error
      },
    })
  }

  receive(said: Said): void {
    if ('tracks' in said) this.media.tracks(said.stream, said.tracks)
    else this.media.description(said.description)
  }
}

class Session {
  readonly sides = [new Side(true), new Side(false)] as const
  private readonly answers = new Set<Answer>()
  private links = 0
  private streams = 0
  private names = 0
  private connections: readonly TestTrackConnection[] = []

  constructor(private readonly random: Random) {
    this.link()
  }

  /** Another link takes the place of the one before. */
  link(): void {
    this.connections = ['aa', 'bb'].map((local, index) => {
      return new TestTrackConnection({ local, remote: ['bb', 'aa'][index] as string })
    })
    const [one, other] = this.connections as [TestTrackConnection, TestTrackConnection]
    one.other = other
    other.other = one
    const number = ++this.links
    this.sides[0].media.attach({ connection: one.asTrackConnection, number })
    this.sides[1].media.attach({ connection: other.asTrackConnection, number })
  }

  start(): void {
    const from = this.random.pick(this.sides)
    const to = this.sides[0] === from ? this.sides[1] : this.sides[0]
    const stream = ++this.streams
    const sent = streamOf(this.track())
    const answer: Answer = {
      from,
      sent,
      shown: null,
      watch: to.media.watch(stream, {
        began: (shown) => {
          answer.shown = shown
        },
      }),
      sending: from.media.send(stream, sent, {}, { ended: () => {} }),
    }
    this.answers.add(answer)
  }

  change(): void {
    if (this.answers.size === 0) return
    const answer = this.random.pick([...this.answers])
    const { sent } = answer
    const [own] = sent.getTracks()
    const act = this.random.between(0, 3)
    if (act === 0) {
      answer.sending.stop()
      answer.watch.stop()
      this.answers.delete(answer)
    } else if (act === 1 && sent.getTracks().length < 4) sent.addTrack(this.track())
    else if (act === 2 && own && sent.getTracks().length > 1) sent.removeTrack(own)
    else if (own) {
      sent.removeTrack(own)
      sent.addTrack(track(`${++this.names}`, own.kind as 'video'))
    }
  }

  deliver(chance: number): void {
    this.sides.forEach((side, index) => {
      const frame = this.random.chance(chance) && side.outbox.shift()
      if (frame) this.sides[1 - index]?.receive(frame)
    })
  }

  /** What is not as it should be; nothing when all is well. */
  faults(): string[] {
    const errors = this.sides.flatMap(({ error }) => (error ? [String(error)] : []))
    const wrong = [...this.answers].flatMap(({ sent, shown }) => {
      // A replaced track's copy keeps the name of the one before: nobody has to be told.
      const [expected, got] = [sent, shown ?? createTestStream()].map((stream) =>
        stream
          .getTracks()
          .map(({ kind }) => kind)
          .sort()
          .join(),
      )
      return expected === got ? [] : [`sent ${labels(sent)}, shown ${shown && labels(shown)}`]
    })
    return [...errors, ...wrong]
  }

  get sections(): number {
    return Math.max(...this.connections.map((connection) => connection.getTransceivers().length))
  }

  private track(): MediaStreamTrack {
    return track(`${++this.names}`, this.random.pick(['audio', 'video']))
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test(`audio and video start, change and stop on both sides at once, over one link and the next (${count} seeds)`, {
  timeout: 60_000 + count * 100,
}, async () => {
  const failed: string[] = []
  for (let seed = first; seed < first + count && failed.length < 3; seed++) {
    const random = new Random(seed)
    const session = new Session(random)
    let most = 0
    for (let steps = random.between(10, 60); steps > 0; steps--) {
      if (random.chance(0.3)) session.start()
      if (random.chance(0.4)) session.change()
      if (random.chance(0.03)) session.link()
      session.deliver(0.6)
      await turn()
      most = Math.max(most, session.sections)
    }
    let left = patience
    while (
      left-- > 0 &&
      (session.faults().length > 0 || session.sides.some(({ outbox }) => outbox.length > 0))
    ) {
      session.deliver(1)
      await turn()
    }
    const faults = session.faults()
    if (faults.length > 0) failed.push(`SEED=${seed}: ${faults.join('; ')}`)
  }
  expect(failed).toEqual([])
})
