import { action } from '../../src/action'
import type { ErrorCode, NanopeerError } from '../../src/errors'
import { createPeer } from '../../src/peer/registry'
import type { Connection, HandlerContext, Peer, PendingRequest } from '../../src/types'
import { ByteCheck, bytesOf } from './bytes'
import type { Simulation } from './simulation'
import type { Work } from './work'

interface Task {
  readonly key: string
  readonly size: number
  readonly pause: number
}

const echo = action<Task & { readonly filler: Uint8Array }, Task>('echo')
const download = action.bytes<Task>('download')
const upload = action<Task, number>('upload')
const count = action.events<Task, number>('count')

interface Message {
  /** Counts the sender's lives. */
  readonly life: number
  readonly number: number
}

/** What is known of one run of a handler. */
interface Run {
  readonly key: string
  count: number
  /** Neither finished nor told to stop. */
  open: boolean
}

/** One of the two devices of a simulation: it asks, answers, and remembers what must add up. */
export class Device {
  private peer: Peer | null = null
  private isDown = false
  /** Counts its starts. */
  private life = 0
  connection: Connection | null = null
  private requests: readonly PendingRequest[] = []
  private releases: (() => void)[] = []
  private readonly runs = new Map<string, Run>()
  private sent: Message[] = []
  private received: Message[] = []

  constructor(
    private readonly simulation: Simulation,
    readonly id: string,
    private readonly remoteId: string,
  ) {}

  private get other(): Device {
    return this.simulation.devices.find(({ id }) => id === this.remoteId) as Device
  }

  get isConnected(): boolean {
    return this.connection?.$status.value?.state === 'open'
  }

  get hasEverything(): boolean {
    return this.received.length >= this.other.sent.length
  }

  get missing(): string {
    return `${this.other.sent.length - this.received.length} to ${this.id}`
  }

  private get openRuns(): Run[] {
    return [...this.runs.values()].filter(({ open }) => open)
  }

  get isIdle(): boolean {
    return this.requests.length === 0 && (this.openRuns.length === 0 || !this.simulation.weather.gentle)
  }

  get left(): string {
    const requests = this.requests.map(({ action, status }) => `${action} ${status}`)
    const runs = this.openRuns.map(({ key }) => `handler of ${key}`)
    return `${this.id}: ${[...requests, ...runs].join(', ')}`
  }

  /** Begins a life. */
  start(): void {
    const { transport, weather } = this.simulation
    this.life++
    const peer = createPeer(this.id, {
      transport,
      accept: 'anyone',
      limits: { unacknowledged: weather.unacknowledged },
      reconnect: { minDelay: 50, maxDelay: 1000, resumeTimeout: weather.resumeTimeout },
      onError: (error) => this.judgeReport(error as NanopeerError),
    })
    this.peer = peer
    this.handle(peer)
    const follow = peer.$connections.subscribe((connections) => {
      const found = connections.find(({ remoteId }) => remoteId === this.remoteId)
      if (found && found !== this.connection) this.listen(found)
    })
    this.releases.push(follow)
    peer.open().catch((error) => this.simulation.trace(() => `${this.id} did not open: ${error}`))
    if (this.id === 'a' || weather.both) {
      const { $status } = peer.connect(this.remoteId)
      const hold = $status.subscribe((status) => {
        this.simulation.trace(() => `${this.id} is ${status.state} ${status.error?.code ?? ''}`)
      })
      this.releases.push(hold)
    }
  }

  /** Is killed, and starts again after `downtime` ms. */
  async restart(downtime: number): Promise<void> {
    if (this.isDown) return
    this.isDown = true
    this.simulation.net.kill(this.id)
    this.received = []
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
    const { gentle } = simulation.weather
    const connection = await this.whenConnected()
    if (!connection) return
    const allowed: ErrorCode[] = gentle
      ? []
      : ['CONNECTION_LOST', 'DESTROYED', 'ABORTED', 'PEER_UNAVAILABLE', 'TIMEOUT']
    if (work.cancelAfter !== null) allowed.push('ABORTED')
    simulation.trace(() => `${this.id} begins ${work.key}, ${work.size}, cancel ${work.cancelAfter}`)
    try {
      await this[work.kind](connection, work)
      simulation.trace(() => `${this.id} is done with ${work.key}`)
    } catch (error) {
      simulation.trace(() => `${this.id} ended ${work.key} with ${error}`)
      simulation.judge(work, error, allowed)
    }
  }

  /** Everything that can only be judged at the end. */
  check(): void {
    for (const { key, count } of this.runs.values()) {
      if (count > 1 && this.simulation.weather.gentle)
        this.simulation.fail(`${key} was handled ${count} times`)
    }
    for (const { key } of this.openRuns)
      this.simulation.fail(`the handler of ${key} still runs at ${this.id}`)
  }

  /** The inbound connection comes when the other side has dialled. */
  private async whenConnected(): Promise<Connection | null> {
    for (let tries = 0; tries < 2000; tries++) {
      const { connection } = this
      if (connection) return connection
      await this.simulation.wait(100)
    }
    if (this.simulation.weather.gentle) this.simulation.fail(`${this.id} was never connected`)
    return null
  }

  private optionsOf(work: Work) {
    const controller = new AbortController()
    if (work.cancelAfter !== null && work.cancelBy === 'signal') {
      this.simulation.clock.after(work.cancelAfter, () => controller.abort())
    }
    return { signal: controller.signal, timeout: 0, retry: work.retry }
  }

  /** True when the reader shall give up now. */
  private givesUp(work: Work, since: number): boolean {
    if (work.cancelAfter === null || work.cancelBy === 'signal') return false
    return this.simulation.clock.now() - since >= work.cancelAfter
  }

  private async echo(connection: Connection, work: Work): Promise<void> {
    const task = { key: work.key, size: work.size, pause: work.pause }
    const filler = bytesOf(work.key, 0, work.size)
    const answer = await connection.request(echo, { ...task, filler }, this.optionsOf(work))
    if (answer.key !== work.key || answer.size !== work.size)
      this.simulation.fail(`${work.key} was answered wrongly`)
    this.expectHandled(work)
  }

  private async download(connection: Connection, work: Work): Promise<void> {
    const { simulation } = this
    const since = simulation.clock.now()
    const task = { key: work.key, size: work.size, pause: 0 }
    const response = await connection.request(download, task, this.optionsOf(work))
    const check = new ByteCheck(work.key)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      check.add(value)
      if (this.givesUp(work, since)) return reader.cancel()
      if (work.pause > 0) await simulation.wait(work.pause)
    }
    if (check.offset !== work.size) simulation.fail(`${work.key} has ${check.offset} of ${work.size} bytes`)
    this.expectHandled(work)
  }

  private async upload(connection: Connection, work: Work): Promise<void> {
    const task = { key: work.key, size: work.size, pause: work.pause }
    const body = this.produce(work.key, work.size, () => {})
    const { retry: _, ...options } = this.optionsOf(work)
    const size = await connection.request(upload, task, { ...options, body })
    if (size !== work.size)
      this.simulation.fail(`${work.key} reached the device with ${size} of ${work.size} bytes`)
    this.expectHandled(work)
  }

  private async events(connection: Connection, work: Work): Promise<void> {
    const { simulation } = this
    const since = simulation.clock.now()
    const task = { key: work.key, size: work.size, pause: work.pause }
    let expected = 0
    for await (const number of await connection.request(count, task, this.optionsOf(work))) {
      if (number !== expected) simulation.fail(`${work.key} has event ${number} where ${expected} belongs`)
      expected++
      if (this.givesUp(work, since)) return
    }
    if (expected !== work.size) simulation.fail(`${work.key} has ${expected} of ${work.size} events`)
    this.expectHandled(work)
  }

  private async messages(connection: Connection, work: Work): Promise<void> {
    for (let index = 0; index < work.size; index++) {
      const message = { life: this.life, number: this.sent.length }
      this.sent.push(message)
      const written = connection.send(message)
      if (index % 7 !== 0) {
        // Not waited for: but a rejection must be heard.
        written.catch((error) =>
          this.simulation.judge(work, error, this.simulation.weather.gentle ? [] : anyLoss),
        )
        continue
      }
      await written
      if (work.pause > 0) await this.simulation.wait(work.pause / 10)
    }
  }

  /** A link that breaks in the middle of a handshake is weather; nothing else may be reported. */
  private judgeReport(error: NanopeerError): void {
    const isWeather = error.code === 'CONNECTION_LOST' || error.code === 'TIMEOUT'
    if (!isWeather) this.simulation.fail(`${this.id} reported ${error.stack}`)
  }

  private expectHandled(work: Work): void {
    const run = this.other.runs.get(work.key)
    if (run?.count !== 1 && !work.retry)
      this.simulation.fail(`${work.key} was handled ${run?.count ?? 0} times`)
  }

  private listen(connection: Connection): void {
    this.connection = connection
    const unwatch = connection.$requests.subscribe((requests) => {
      this.requests = requests
    })
    const unlisten = connection.onMessage((value) => {
      const message = value as Message
      const last = this.received.at(-1)
      this.received.push(message)
      if (!last) return
      const isNext = message.number === last.number + 1
      const isLater = message.number > last.number && message.life >= last.life
      if (this.simulation.weather.gentle ? !isNext : !isLater) {
        this.simulation.fail(`${this.id} received message ${message.number} after ${last.number}`)
      }
    })
    this.releases.push(unwatch, unlisten)
  }

  private handle(peer: Peer): void {
    peer.handle(echo, async (task, context) => {
      const finished = this.begin(task, context)
      if (Buffer.compare(task.filler, bytesOf(task.key, 0, task.size)) !== 0) {
        this.simulation.fail(`the input of ${task.key} is wrong`)
      }
      if (task.pause > 0) await this.simulation.wait(task.pause)
      finished()
      return { key: task.key, size: task.size, pause: task.pause }
    })
    peer.handle(download, (task, context) => {
      const finished = this.begin(task, context)
      return new Response(this.produce(task.key, task.size, finished))
    })
    peer.handle(upload, async (task, context) => {
      const finished = this.begin(task, context)
      const check = new ByteCheck(task.key)
      try {
        for await (const bytes of context.body as unknown as AsyncIterable<Uint8Array>) {
          check.add(bytes)
          if (task.pause > 0) await this.simulation.wait(task.pause)
        }
        return check.offset
      } finally {
        finished()
      }
    })
    const { simulation } = this
    const begin = this.begin.bind(this)
    peer.handle(count, async function* (task, context) {
      const finished = begin(task, context)
      try {
        for (let index = 0; index < task.size; index++) {
          if (task.pause > 0) await simulation.wait(task.pause / 10)
          yield index
        }
      } finally {
        finished()
      }
    })
  }

  private begin({ key }: Task, { signal }: HandlerContext): () => void {
    const run = this.runs.get(key) ?? { key, count: 0, open: false }
    this.runs.set(key, run)
    run.count++
    run.open = true
    this.simulation.trace(() => `${this.id} handles ${key}`)
    const finished = (): void => {
      run.open = false
    }
    if (signal.aborted) finished()
    else signal.addEventListener('abort', finished)
    return finished
  }

  private produce(key: string, size: number, finished: () => void): ReadableStream<Uint8Array> {
    const { random } = this.simulation
    let offset = 0
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (offset >= size) {
            controller.close()
            finished()
            return
          }
          if (random.chance(0.05)) await this.simulation.wait(random.skewed(200))
          const length = Math.min(size - offset, 1 + random.skewed(100_000))
          controller.enqueue(bytesOf(key, offset, length))
          offset += length
        },
        cancel: finished,
      },
      { highWaterMark: 0 },
    )
  }
}

const anyLoss: readonly ErrorCode[] = [
  'CONNECTION_LOST',
  'DESTROYED',
  'ABORTED',
  'PEER_UNAVAILABLE',
  'TIMEOUT',
]
