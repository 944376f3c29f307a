import { expect } from 'vitest'
import type { Identity } from '../../src/base/identity'
import type { Known } from '../../src/base/known'
import type { Peer } from '../../src/base/types'
import { createPeer } from '../../src/peer/registry'
import type { TestNetwork } from '../../testing'
import { memoryKnown, newIdentity, rotated } from '../support/identities'
import type { Random } from './random'
import { VirtualTime } from './virtual-time'

/** A device remembers so many predecessors of a key: who was away for longer does not know it any more. */
const mostRotations = 3
const limits = { handshakes: 1e6, dialsPerMinute: 1e6, linksPerRemote: 1e6 }

/** Somebody who restarts, changes keys, and forgets none of those whom it knows. */
class Actor {
  peer: Peer | null = null
  readonly known: Known = memoryKnown()
  private rotations = 0
  /** Every key since the last one that came from nowhere. */
  lineage: readonly string[]

  constructor(
    readonly id: string,
    public identity: Identity,
  ) {
    this.lineage = [identity.key]
  }

  /** The next life has a key that this one has signed. */
  async rotate(): Promise<void> {
    if (this.rotations === mostRotations) return
    this.rotations++
    this.identity = await rotated(this.identity)
    this.lineage = [...this.lineage, this.identity.key]
  }

  /** The next life has another key, of which nobody has heard. */
  async lose(): Promise<void> {
    this.identity = await newIdentity()
    this.lineage = [this.identity.key]
    this.rotations = 0
  }
}

/**
 * Laptops that know a device, and a device that serves their keys: who is served, and who is told what, as a model has it that
 * knows nothing of handshakes.
 */
export class Identities {
  private readonly time: VirtualTime
  private readonly net: TestNetwork
  private readonly laptops: Actor[] = []
  private device!: Actor
  private impostor: Actor | null = null
  private accept: readonly string[] = []
  private readonly revoked = new Set<string>()
  /** What was done, for whoever reads a failure. */
  private readonly story: string[] = []

  constructor(private readonly random: Random) {
    this.time = new VirtualTime(random.seed)
    this.net = this.time.net
  }

  async run(): Promise<void> {
    try {
      await this.time.run(() => this.play())
    } catch (error) {
      throw new Error([`SEED=${this.random.seed}`, ...this.story, error].join('\n'), { cause: error })
    }
  }

  private async play(): Promise<void> {
    const { random } = this
    try {
      this.device = new Actor('nas', await newIdentity())
      for (let number = 0; number < 3; number++) {
        this.laptops.push(new Actor(`laptop-${number}`, await newIdentity()))
      }
      this.accept = this.laptops.map(({ identity }) => identity.key)
      await this.startDevice()
      for (const laptop of this.laptops) await this.start(laptop)
      await this.askAll()
      for (let step = 0; step < 8; step++) {
        await random.pick(this.steps)()
        await this.askAll()
      }
    } finally {
      const all = [this.device, this.impostor, ...this.laptops]
      await Promise.all(all.map((actor) => actor?.peer?.destroy()))
    }
  }

  private readonly steps: readonly (() => Promise<void>)[] = [
    () => this.restartLaptop('restarts', async () => {}),
    () => this.restartLaptop('changes its key', (laptop) => laptop.rotate()),
    () => this.restartLaptop('loses its key', (laptop) => laptop.lose()),
    () => this.restartDevice('restarts', async () => {}),
    () => this.restartDevice('changes its key', () => this.device.rotate()),
    () => this.takeId(),
    () => this.revoke(),
    () => this.cut(),
  ]

  private async start(actor: Actor): Promise<void> {
    const { id, identity, known } = actor
    actor.peer = createPeer(id, {
      transport: this.net.transport,
      identity,
      known,
      limits,
      accept: actor === this.device ? this.accept : 'anyone',
      reconnect: { minDelay: 10, maxDelay: 10 },
      onError: () => {},
    })
    actor.peer.handle('who', (_input, { remote }) => remote.key)
    await actor.peer.open()
  }

  private async startDevice(): Promise<void> {
    await this.impostor?.peer?.destroy()
    this.impostor = null
    await this.device.peer?.destroy()
    await this.start(this.device)
  }

  private async restartLaptop(what: string, change: (laptop: Actor) => Promise<void>): Promise<void> {
    const laptop = this.random.pick(this.laptops)
    this.story.push(`${laptop.id} ${what}`)
    await laptop.peer?.destroy()
    await change(laptop)
    await this.start(laptop)
  }

  private async restartDevice(what: string, change: () => Promise<void>): Promise<void> {
    this.story.push(`the device ${what}`)
    await change()
    await this.startDevice()
  }

  /** Somebody else answers for the device. */
  private async takeId(): Promise<void> {
    this.story.push('somebody takes the id of the device')
    await this.device.peer?.destroy()
    await this.impostor?.peer?.destroy()
    this.impostor = new Actor('nas', await newIdentity())
    await this.start(this.impostor)
  }

  /** Half of the time in the middle of a handshake by that key, which no session has yet. */
  private async revoke(): Promise<void> {
    if (this.impostor) return
    const laptop = this.random.pick(this.laptops)
    const { identity, id } = laptop
    const after = this.time.random.pick([null, this.time.random.skewed(300)])
    this.story.push(
      `the device revokes the key of ${id}${after === null ? '' : `, ${after} ms after its restart`}`,
    )
    if (after !== null) {
      await laptop.peer?.destroy()
      await this.start(laptop)
      laptop.peer
        ?.connect('nas', { timeout: 500 })
        .request('who')
        .catch(() => {})
      await this.time.wait(after)
    }
    this.revoked.add(identity.key)
    await this.device.peer?.revoke(identity.key)
  }

  private async cut(): Promise<void> {
    const { id } = this.random.pick(this.laptops)
    this.story.push(`the link of ${id} is cut`)
    this.net.cut(id, 'nas')
    this.net.heal(id, 'nas')
  }

  private async askAll(): Promise<void> {
    await Promise.all(this.laptops.map((laptop) => this.ask(laptop)))
    for (const { known } of this.laptops) {
      const key = await known.get('nas')
      expect(this.device.lineage, 'what a laptop knows the device by').toContain(key)
    }
  }

  /**
   * A dial that was under way may still meet who was there before: that is told, and the next one is not. Nobody may be served,
   * or refused, against the model, however often it is asked.
   */
  private async ask(laptop: Actor): Promise<void> {
    const { id, peer } = laptop
    const expected = this.expectedFor(laptop)
    const outcomes: unknown[] = []
    while (outcomes.at(-1) !== expected && outcomes.length < 10) {
      const answer = peer?.connect('nas', { timeout: 500 }).request('who', undefined, { timeout: 5000 })
      outcomes.push(await answer?.catch((error) => error.code))
    }
    expect(outcomes.at(-1), `${id}: ${outcomes}`).toBe(expected)
    const passing = ['CONNECTION_LOST', 'TIMEOUT', 'PEER_UNAVAILABLE', 'KEY_CHANGED']
    expect(passing, `${id}: ${outcomes}`).toEqual(expect.arrayContaining(outcomes.slice(0, -1)))
  }

  private expectedFor({ identity, lineage }: Actor): string {
    if (this.impostor) return 'KEY_CHANGED'
    if (lineage.some((key) => this.revoked.has(key))) return 'REFUSED'
    return lineage.some((key) => this.accept.includes(key)) ? identity.key : 'REFUSED'
  }
}
