import { action } from '../../src/base/action'
import type { NanopeerError } from '../../src/base/errors'
import type { Identity } from '../../src/base/identity'
import type { Connection, Peer } from '../../src/base/types'
// Files take their time to load, which the clock of a run knows nothing of.
import '../../src/engine/handshake/authenticate'
import '../../src/engine/handshake/offer-proof'
import '../../src/engine/media/index'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork } from '../../testing'
import type { TestTrackConnection } from '../../testing/track-connection'
import { newIdentity } from '../support/identities'
import { resourceUsage } from '../support/resource-usage'
import { labels, streamOf, track } from '../support/stand-ins'
import { VirtualClock } from '../support/virtual-clock'
import { planCut } from './faults'
import type { Random } from './random'
import { watchTransport } from './watch-transport'

const watch = action.media<{ key: string }>('watch')
const echo = action<string, string>('echo')

/** How a request may end where its device or its asker has restarted, or was not connected yet. */
const losses = ['CONNECTION_LOST', 'DESTROYED', 'PEER_UNAVAILABLE', 'TIMEOUT']

/** What a handler answers with, and who still uses it. */
interface Sent {
  readonly stream: MediaStream
  readonly signal: AbortSignal
}

/** One request for audio and video, from when it is made to the end of the run. */
interface Watching {
  readonly key: string
  readonly abort: AbortController
  /** Null before it is there, and where it never was. */
  stream: MediaStream | null
  /** Somebody has restarted since, or there was no connection: it goes on, or it is over. */
  mayEnd: boolean
}

/** Ms of the clock for a few turns of the event loop. */
const pace = 20
/** Ms of the clock that anything may take. */
const patience = 120_000

let identities: readonly Identity[] = []

/** Two peers that watch each other, whatever happens to the links between them. */
export class MediaRun {
  private readonly clock = new VirtualClock()
  private readonly net = createTestNetwork({ clock: this.clock })
  private readonly connections = new Set<TestTrackConnection>()
  private readonly peers = new Map<string, Peer>()
  private readonly sent = new Map<string, Sent>()
  private readonly watching: Watching[] = []
  private readonly failures: string[] = []
  private readonly story: string[] = []
  private readonly transport = watchTransport(this.net.transport, ({ trackConnection }) =>
    this.connections.add(trackConnection as unknown as TestTrackConnection),
  )
  private names = 0
  private cuts = 0
  private unsure = 0
  private isRevoked = false

  constructor(
    private readonly random: Random,
    /** Both have keys, and one revokes the other's in the end. */
    private readonly hasKeys: boolean,
  ) {}

  /** @throws with everything that was not as it must be. */
  async run(): Promise<void> {
    const { random } = Math
    // Back-off draws its jitter from here; a run must be the same each time.
    Math.random = () => this.random.next()
    try {
      if (this.hasKeys && identities.length === 0) identities = [await newIdentity(), await newIdentity()]
      for (const id of ['a', 'b']) this.start(id)
      await this.rest('connecting', () => this.unconnected)
      for (let steps = this.random.between(4, 24); steps > 0; steps--) {
        await this.random.pick(this.steps)()
        await this.pass(this.random.pick([0, 0, 1, 20, this.random.skewed(3000)]))
      }
      await this.rest('healing', () => (this.cuts > 0 ? ['a cut'] : []))
      await this.rest('watching on', () => [
        ...this.unconnected,
        ...this.watching.flatMap((one) => this.wrongOf(one)),
      ])
      if (this.hasKeys) await this.revoke()
      else for (const { abort } of this.watching) abort.abort()
      await this.rest('stopping', () => [...this.watching.flatMap((one) => this.leftOf(one)), ...this.kept])
      await this.end()
    } catch (error) {
      this.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
    } finally {
      Math.random = random
    }
    if (this.failures.length > 0) {
      throw new Error([`SEED=${this.random.seed}`, ...this.story, ...this.failures.slice(0, 5)].join('\n'))
    }
  }

  private readonly steps: readonly (() => void | Promise<void>)[] = [
    () => this.watch(),
    () => this.watch(),
    () => this.watch(),
    () => this.random.pick([...this.watching, null])?.abort.abort(),
    () => this.change(),
    () => this.talk(),
    () => this.cut(),
    () => this.between().connection?.reconnect(),
    () => (this.random.chance(0.3) ? this.restart() : undefined),
  ]

  /**
   * How what is under way may end. Whoever revokes gives up what it asks itself, and refuses the other one, who was not told over a
   * silent link, at each of its dials.
   */
  private get expected(): readonly string[] {
    return this.isRevoked ? [...losses, 'REFUSED', 'ABORTED'] : losses
  }

  private start(id: string): void {
    const peer = createPeer(id, {
      transport: this.transport,
      accept: 'anyone',
      identity: this.hasKeys ? identities[id === 'a' ? 0 : 1] : undefined,
      limits: { dialsPerMinute: 1e6, linksPerRemote: 1e6 },
      // Whoever was revoked while its link was silent, and does not dial, waits for as long.
      reconnect: { minDelay: 50, maxDelay: 1000, resumeTimeout: this.hasKeys ? 60_000 : 3_600_000 },
      onError: (error) => {
        if (!this.expected.includes((error as NanopeerError).code))
          this.failures.push(`${id} reported ${error}`)
      },
    })
    this.peers.set(id, peer)
    peer.handle(echo, (text) => text)
    peer.handle(watch, ({ key }, { signal }) => {
      const kinds = this.random.pick([['video'], ['audio'], ['video', 'audio']] as const)
      const stream = streamOf(...kinds.map((kind) => track(`${key}-${++this.names}`, kind)))
      this.sent.set(key, { stream, signal })
      return stream
    })
    peer.open().catch(() => {})
    if (id === 'a') peer.connect('b').$status.listen(() => {})
  }

  /** A random direction. */
  private between(): { readonly id: string; readonly connection: Connection | undefined } {
    const id = this.random.pick(['a', 'b'])
    const connection = this.peers.get(id)?.$connections.value?.[0]
    return { id, connection }
  }

  private get unconnected(): string[] {
    if (this.unsure > 0) return ['somebody has restarted']
    const states = [...this.peers.values()].map((peer) => peer.$connections.value?.[0]?.$status.value?.state)
    return states.every((state) => state === 'open') ? [] : [`connections: ${states}`]
  }

  private watch(): void {
    const { id, connection } = this.between()
    if (!connection) return
    const key = `${++this.names}`
    this.story.push(`${id} watches ${key}`)
    const mayEnd = this.unsure > 0 || connection.$status.value?.state !== 'open'
    const watching: Watching = { key, abort: new AbortController(), stream: null, mayEnd }
    this.watching.push(watching)
    const { signal } = watching.abort
    connection.request(watch, { key }, { signal, timeout: 0 }).then(
      (stream) => {
        watching.stream = stream
      },
      ({ code, message }: NanopeerError) => {
        const isMeant = signal.aborted || (this.hasKeys && code === 'REFUSED')
        if (isMeant || (watching.mayEnd && losses.includes(code))) return
        this.failures.push(`${key} ended with ${code}: ${message}`)
      },
    )
  }

  /** A device adds, removes or replaces a track. */
  private change(): void {
    const { stream, signal } = this.random.pick([...this.sent.values(), null]) ?? {}
    if (!stream || signal?.aborted) return
    const own = stream.getTracks()
    const given = track(`${++this.names}`, this.random.pick(['audio', 'video']))
    const [first] = own
    const act = this.random.between(0, 2)
    this.story.push(`${labels(stream)} is changed (${act})`)
    if (act !== 0 && first && own.length > act - 1) stream.removeTrack(first)
    if (act !== 1 || own.length < 2) stream.addTrack(given)
  }

  private talk(): void {
    const { connection } = this.between()
    connection?.request(echo, 'hello', { timeout: 0 }).catch(({ code }: NanopeerError) => {
      if (!this.expected.includes(code)) this.failures.push(`echo ended with ${code}`)
    })
  }

  private cut(): void {
    const { options, length } = planCut(this.random)
    this.story.push(`cut for ${length} ms: ${JSON.stringify(options)}`)
    this.cuts++
    this.net.cut('a', 'b', options)
    this.clock.after(length, () => {
      this.cuts--
      if (this.cuts === 0) this.net.heal('a', 'b')
    })
  }

  private async restart(): Promise<void> {
    const id = this.random.pick(['a', 'b'])
    this.story.push(`${id} restarts`)
    for (const watching of this.watching) watching.mayEnd = true
    this.net.kill(id)
    const stopped = this.peers.get(id)?.destroy()
    await this.pass(this.random.skewed(2000))
    let isGone = false
    void stopped?.then(() => {
      isGone = true
    })
    await this.rest('stopping', () => (isGone ? [] : [`${id} is there`]))
    this.start(id)
    void this.assure()
  }

  /** Until both have been answered, one may not know yet that the other has begun anew. */
  private async assure(): Promise<void> {
    this.unsure++
    for (const id of ['a', 'b']) {
      let isAnswered = false
      while (!isAnswered) {
        const answer = this.peers.get(id)?.$connections.value?.[0]?.request(echo, 'hello', { timeout: 0 })
        isAnswered = (await answer?.catch(() => null)) === 'hello'
        if (!isAnswered) await new Promise<void>((resolve) => this.clock.after(100, resolve))
      }
    }
    this.unsure--
  }

  /** What both watch ends in the same turn at whoever revokes, and at the other one when it hears of it. */
  private async revoke(): Promise<void> {
    this.story.push('a revokes the key of b')
    this.isRevoked = true
    await this.peers.get('a')?.revoke((identities[1] as Identity).key)
  }

  /** Nobody watches: what is left of it. */
  private leftOf({ key, stream }: Watching): string[] {
    const sent = this.sent.get(key)
    const isOver = (stream?.getTracks().length ?? 0) === 0 && (!sent || sent.signal.aborted)
    const isFollowed = Object.hasOwn(sent?.stream ?? {}, 'addTrack')
    return isOver && !isFollowed
      ? []
      : [`${key} is left: ${stream && labels(stream)}${isFollowed ? ', followed' : ''}`]
  }

  /** The stream of once shows what is sent now. */
  private wrongOf(watching: Watching): string[] {
    const { key, stream, abort, mayEnd } = watching
    const left = this.leftOf(watching)
    if (abort.signal.aborted) return left
    const sent = this.sent.get(key)?.stream
    const kinds = (of: MediaStream | null | undefined) =>
      `${of
        ?.getTracks()
        .map(({ kind }) => kind)
        .sort()}`
    const isLive = stream?.getTracks().every(({ readyState }) => readyState === 'live')
    const isShown = isLive && stream?.getTracks().length !== 0 && kinds(stream) === kinds(sent)
    if (isShown || (mayEnd && left.length === 0)) return []
    return [`${key} shows ${kinds(stream)} of ${kinds(sent)}, live: ${isLive}`]
  }

  /** What both peers still hold for each other. */
  private get kept(): string[] {
    const usages = [...this.peers].flatMap(([id, peer]) => {
      const { handlers, streams, frames, held } = resourceUsage(peer)
      const counts = Object.entries({ handlers, streams, frames, held }).filter(([, count]) => count > 0)
      return counts.map(([what, count]) => `${count} ${what} at ${id}`)
    })
    const open = [...this.connections].filter(({ isClosed }) => !isClosed)
    const busy = open
      .flatMap((connection) => connection.getTransceivers())
      .filter(
        ({ sender, currentDirection }) => sender.track || !['inactive', null].includes(currentDirection),
      )
    const links = open.length > 2 ? [`${open.length} connections are open`] : []
    return [...usages, ...links, ...(busy.length > 0 ? [`${busy.length} sections are in use`] : [])]
  }

  private async end(): Promise<void> {
    let destroyed = 0
    for (const peer of this.peers.values()) void peer.destroy().then(() => destroyed++)
    await this.rest('ending', () => (destroyed === 2 ? [] : ['a peer']))
    await this.clock.advance(120_000)
    if (this.clock.pending > 0) this.failures.push(`${this.clock.pending} timers are left behind`)
    const open = [...this.connections].filter(({ isClosed }) => !isClosed).length
    if (open > 0) this.failures.push(`${open} connections are left open`)
    for (const { key, stream } of this.watching) {
      const shown = stream?.getTracks().length ?? 0
      if (shown > 0) this.failures.push(`${key} still has ${shown} tracks`)
      // What is sent belongs to the app.
      const given = this.sent.get(key)?.stream.getTracks() ?? []
      if (given.some(({ readyState }) => readyState !== 'live'))
        this.failures.push(`${key} was stopped at its device`)
    }
  }

  /** Signatures go through the event loop, and keep up with the clock. */
  private async pass(ms: number): Promise<void> {
    for (let left = ms; this.hasKeys && left > 0; left -= pace) {
      await this.clock.advance(Math.min(left, pace))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    if (!this.hasKeys) await this.clock.advance(ms)
    await this.clock.settle()
  }

  private async rest(what: string, faults: () => string[]): Promise<void> {
    try {
      for (let left = patience; this.hasKeys && left > 0 && faults().length > 0; left -= pace)
        await this.pass(pace)
      await this.clock.runUntil(() => faults().length === 0, patience)
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message} ${faults().join('; ')}`)
    }
  }
}
