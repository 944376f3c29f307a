import { withDeadline } from '../../deadline'
import type { EngineNode, Holding } from '../../engine'
import { frameOfEntry } from './inbox'
import { leave, living, reclaim, rememberedFor, renew, type Script } from './scripts'
import type { Shard } from './shard'

/** How many ids one script looks at: some 200 µs of Redis's time. */
const batch = 100
/** How long a node that stops waits for Redis, in ms. */
const leavePatience = 1_000
/** How often every id is confirmed, in ms: well within the time that it is remembered for. */
const confirmInterval = rememberedFor / 3

const inBatches = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / batch) }, (_, index) =>
    items.slice(index * batch, (index + 1) * batch),
  )

export interface MemberOptions {
  /** This node's name. */
  readonly name: string
  /** Begins every key. */
  readonly prefix: string
  readonly node: EngineNode
  /** Whether this shard is responsible for an id. */
  isFor(id: string): boolean
  /** A letter came. */
  received(text: string): void
}

/**
 * This node's membership in one shard: its lease, its inbox, and that the ids it holds are known there. Whatever the shard
 * forgot or got wrong while it was away, the node confirms again.
 */
export class Member {
  readonly #shard: Shard
  readonly #options: MemberOptions
  readonly #timers: NodeJS.Timeout[] = []
  /** When the shard last answered, and when the node last heard itself. In ms since 1970. */
  #renewed = 0
  #heard = 0
  /** When new connections were made because nothing was heard. */
  #reset = Date.now()
  #isStarting = true
  #isConfirmed = false
  #isUp = false
  /** Whether the log has said why it is away. */
  #isReported = false
  #onPulse = () => {}

  constructor(shard: Shard, options: MemberOptions) {
    this.#shard = shard
    this.#options = options
  }

  /** Whether claims and messages have an answer to expect. */
  get isReady(): boolean {
    const since = Date.now() - this.#options.node.settings.lease
    return this.#isUp && this.#isConfirmed && this.#renewed > since && this.#heard > since
  }

  start(): void {
    const { prefix, name, received, node } = this.#options
    const { logger } = node
    this.#shard.open(`${prefix}n:${name}`, {
      received: (text) => {
        if (text !== 'p') return received(text)
        this.#heard = Date.now()
        this.#onPulse()
      },
      up: () => {
        if (!this.#isUp) logger.info({ redis: this.#shard.name }, 'Redis answers')
        this.#isUp = true
        this.#isReported = false
        this.#isConfirmed = false
        this.#renew()
      },
      failed: (error) => {
        if (!this.#isReported)
          logger.warn({ redis: this.#shard.name, reason: error.message }, 'Redis is away')
        else logger.debug({ redis: this.#shard.name, reason: error.message }, 'Redis is still away')
        this.#isReported = true
        this.#isUp = false
      },
    })
    this.#every(this.#options.node.settings.lease / 3, () => this.#renew())
    this.#every(confirmInterval, () => this.#confirm())
  }

  run(script: Script, args: readonly string[]): Promise<unknown> {
    return this.#shard.run(script, [this.#options.prefix, this.#options.name, ...args])
  }

  /** Those of nodes that live: what a dead one held is remembered longer. */
  async ids(): Promise<string[]> {
    const known = await this.#shard.keys(`${this.#options.prefix}o:`)
    const held = inBatches(known).map((ids) => this.run(living, ids) as Promise<string[]>)
    return (await Promise.all(held)).flat()
  }

  /** Gives the lease back, and resolves when every letter that came before has been read and sent on. */
  async leave(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    try {
      if (this.#isUp) await withDeadline(this.#leave(), leavePatience, 'Leaving Redis')
    } catch (error) {
      this.#note(error, 'The lease could not be given back; it ends by itself')
    }
  }

  close(): void {
    this.#shard.close()
  }

  async #leave(): Promise<void> {
    await this.run(leave, [])
    await new Promise<void>((resolve) => {
      this.#onPulse = resolve
      this.run(leave, []).catch(resolve)
    })
    // Answers come in order: once this one is there, so is that to everything sent on.
    await this.run(leave, [])
  }

  #every(ms: number, action: () => void): void {
    this.#timers.push(setInterval(action, ms).unref())
  }

  #note(error: unknown, message: string): void {
    this.#options.node.logger.debug({ redis: this.#shard.name, reason: String(error) }, message)
  }

  /** Says that the node lives. Where its lease had ended, others may have taken its ids: it asks for all of them. */
  #renew(): void {
    this.#watch()
    const { lease } = this.#options.node.settings
    this.run(renew, [String(lease), this.#isStarting ? '1' : '0']).then(
      (had) => {
        this.#renewed = Date.now()
        if (had === 0 || !this.#isConfirmed) this.#confirm()
        this.#isStarting = false
      },
      (error) => this.#note(error, 'The lease could not be renewed'),
    )
  }

  /** A connection to a machine that lost its power looks well for a quarter of an hour. */
  #watch(): void {
    const patience = this.#options.node.settings.lease * 3
    const last = Math.max(this.#reset, Math.min(this.#renewed, this.#heard))
    if (Date.now() - last < patience) return
    this.#options.node.logger.warn({ redis: this.#shard.name }, 'Redis says nothing; connecting anew')
    this.#reset = Date.now()
    this.#isUp = false
    this.#shard.reset()
  }

  /** Confirms every id that this node holds in this shard, and gives those up that are another's. */
  #confirm(): void {
    const held = [...this.#options.node.held()].filter(({ id }) => this.#options.isFor(id))
    Promise.all(inBatches(held).map((holdings) => this.#confirmSome(holdings))).then(
      () => {
        this.#isConfirmed = true
      },
      (error) => this.#note(error, 'The ids of this node could not be confirmed'),
    )
  }

  async #confirmSome(holdings: readonly Holding[]): Promise<void> {
    const fields = holdings.flatMap(({ id, owner, generation }) => [id, owner, String(generation)])
    const answers = (await this.run(reclaim, fields)) as (string[] | null)[]
    for (const [index, { id, generation }] of holdings.entries()) {
      const waiting = answers[index]
      if (!waiting) this.#options.node.displace(id, generation + 1)
      else for (const entry of waiting) this.#options.node.deliver({ dst: id, text: frameOfEntry(entry) })
    }
  }
}
