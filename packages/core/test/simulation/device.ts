import type { ErrorCode, NanopeerError } from '../../src/base/errors'
import type { Connection, Peer, PendingRequest } from '../../src/base/types'
import { createPeer } from '../../src/peer/registry'
import { resourceUsage } from '../support/resource-usage'
import { answerTasks } from './answers'
import { Post } from './post'
import { questions } from './questions'
import { Runs } from './runs'
import type { Simulation } from './simulation'
import type { Work } from './work'

/** How work may end where a device restarts, or an outage is longer than its session is kept. */
const losses: readonly ErrorCode[] = [
  'CONNECTION_LOST',
  'DESTROYED',
  'ABORTED',
  'PEER_UNAVAILABLE',
  'TIMEOUT',
]

/** One of the two devices of a simulation: it asks, answers, and remembers what must add up. */
export class Device {
  connection: Connection | null = null
  private readonly runs: Runs
  private readonly post: Post
  private peer: Peer | null = null
  private requests: readonly PendingRequest[] = []
  private releases: (() => void)[] = []
  private isDown = false
  /** Counts its starts. */
  private life = 0

  constructor(
    private readonly simulation: Simulation,
    readonly id: string,
    private readonly remoteId: string,
  ) {
    this.runs = new Runs(simulation)
    this.post = new Post(simulation, id)
  }

  get isConnected(): boolean {
    return this.connection?.$status.value?.state === 'open'
  }

  /** Messages of the other side that have not come. */
  get missing(): number {
    return this.other.post.sent - this.post.received
  }

  /** What is still pending here, in words; empty when nothing is. */
  get left(): string {
    const requests = this.requests.map(({ action, status }) => `${action} is ${status} at ${this.id}`)
    const runs = this.runs.open.map((key) => `${key} is handled at ${this.id}`)
    return [...requests, ...runs, ...this.kept].join(', ')
  }

  /** Bytes that this device holds for the other: written and not acknowledged, or waiting to be written. */
  get heldBytes(): number {
    return this.peer ? resourceUsage(this.peer).held : 0
  }

  /** What the peer itself still counts, in words. */
  private get kept(): string[] {
    if (!this.peer) return []
    const { handshakes, handlers, streams, frames, held, arrived } = resourceUsage(this.peer)
    const counts = Object.entries({ handshakes, handlers, streams, frames, held, arrived })
    return counts.filter(([, count]) => count !== 0).map(([what, count]) => `${count} ${what} at ${this.id}`)
  }

  /** Begins a life. */
  start(): void {
    const { simulation, remoteId, id } = this
    const { transport, weather } = simulation
    this.life++
    const peer = createPeer(id, {
      transport,
      accept: 'anyone',
      limits: { unacknowledged: weather.unacknowledged },
      reconnect: { minDelay: 50, maxDelay: 1000, resumeTimeout: weather.resumeTimeout },
      onError: (error) => this.judgeReport(error as NanopeerError),
    })
    this.peer = peer
    answerTasks(peer, simulation, this.runs)
    this.releases.push(
      peer.$connections.subscribe((connections) => {
        const found = connections.find((connection) => connection.remoteId === remoteId)
        if (found && found !== this.connection) this.follow(found)
      }),
    )
    peer.open().catch((error) => simulation.trace(() => `${id} did not open: ${error}`))
    if (id === 'a' || weather.both) this.releases.push(peer.connect(remoteId).$status.listen(() => {}))
  }

  /** Is killed, and starts again after `downtime` ms. */
  async restart(downtime: number): Promise<void> {
    if (this.isDown) return
    this.isDown = true
    this.simulation.net.kill(this.id)
    this.post.forget()
    // What is left of the old life in this process.
    await this.stop()
    await this.simulation.wait(downtime)
    this.isDown = false
    this.start()
  }

  async stop(): Promise<void> {
    for (const release of this.releases.splice(0)) release()
    const { peer } = this
    this.peer = null
    this.connection = null
    this.requests = []
    await peer?.destroy()
  }

  /** Does a piece of work and judges how it ended. */
  async perform(work: Work): Promise<void> {
    const { simulation } = this
    const connection = await this.whenConnected()
    if (!connection) return
    simulation.trace(() => `${this.id} begins ${JSON.stringify(work)}`)
    try {
      if (work.kind === 'messages') await this.sendMessages(connection, work)
      else {
        await questions[work.kind](simulation, connection, work)
        if (this.other.runs.countOf(work.key) === 0) simulation.fail(`${work.key} was never handled`)
      }
      simulation.trace(() => `${this.id} is done with ${work.key}`)
    } catch (error) {
      this.judge(work, error)
    }
  }

  /** Fails unless this error may end this piece of work. */
  private judge(work: Work, error: unknown): void {
    const { simulation } = this
    const { code, message } = error as NanopeerError
    simulation.trace(() => `${this.id} ended ${work.key} with ${code}`)
    const isOurs = work.cancelAfter !== null && code === 'ABORTED'
    const isWeather = !simulation.weather.gentle && losses.includes(code)
    if (!isOurs && !isWeather) simulation.fail(`${work.key} ended with ${code}: ${message}`)
  }

  /** A link that breaks in the middle of a handshake is weather; nothing else may be reported. */
  private judgeReport(error: NanopeerError): void {
    const isWeather = error.code === 'CONNECTION_LOST' || error.code === 'TIMEOUT'
    if (!isWeather) this.simulation.fail(`${this.id} reported ${error.stack}`)
  }

  private get other(): Device {
    return this.simulation.devices.find(({ id }) => id === this.remoteId) as Device
  }

  /** The inbound connection comes when the other side has dialled. */
  private async whenConnected(): Promise<Connection | null> {
    for (let tries = 0; tries < 2000; tries++) {
      if (this.connection) return this.connection
      await this.simulation.wait(100)
    }
    if (this.simulation.weather.gentle) this.simulation.fail(`${this.id} was never connected`)
    return null
  }

  private async sendMessages(connection: Connection, work: Work): Promise<void> {
    for (let index = 0; index < work.size; index++) {
      const written = connection.send(this.post.next(this.life))
      if (index % 7 === 0) {
        await written
        if (work.pause > 0) await this.simulation.wait(work.pause / 10)
      } else written.catch((error) => this.judge(work, error))
    }
  }

  private follow(connection: Connection): void {
    this.connection = connection
    this.releases.push(
      connection.$status.subscribe(({ state, error }) => {
        this.simulation.trace(() => `${this.id} is ${state} ${error?.code ?? ''}`)
      }),
      connection.$requests.subscribe((requests) => {
        this.requests = requests
      }),
      connection.onMessage((value) => this.post.take(value)),
    )
  }
}
