import { expect } from 'vitest'
import type { Identity } from '../../src/base/identity'
import type { Known } from '../../src/base/known'
import type { Pairing } from '../../src/base/pairing'
import type { Peer } from '../../src/base/types'
import { words } from '../../src/engine/pairing/words'
import { createPeer } from '../../src/peer/registry'
import type { TestNetwork } from '../../testing'
import { memoryKnown, newIdentity } from '../support/identities'
import { breakable, type Interruption } from './breakable-pairing'
import type { Random } from './random'
import { VirtualTime } from './virtual-time'

const limits = { handshakes: 1e6, dialsPerMinute: 1e6, linksPerRemote: 1e6 }

/** Somebody who restarts, and keeps a key and whom it has paired with. */
interface Actor {
  readonly id: string
  readonly known: Known
  identity: Identity
  peer: Peer
}

/**
 * A device that serves whom it has paired with, and phones that pair with it, mistype the code, are cut off in the middle of it,
 * restart there, lose their keys and are revoked: who is known to whom, and who is served.
 */
export class Pairings {
  private readonly time: VirtualTime
  private readonly net: TestNetwork
  private nas!: Actor
  private phones: readonly Actor[] = []
  private readonly revoked = new Set<string>()
  /** What happens in the middle of the next exchange. */
  private interruption: Interruption | null = null
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
      this.nas = await this.create('nas')
      this.phones = [await this.create('phone-0'), await this.create('phone-1')]
      for (let step = 0; step < 6; step++) {
        await random.pick(this.steps)(random.pick(this.phones))
        await Promise.all(this.phones.map((phone) => this.ask(phone)))
      }
      // Whatever has happened, a fresh code pairs.
      for (const phone of this.phones) await this.pair(phone)
      await Promise.all(this.phones.map((phone) => this.ask(phone)))
    } finally {
      await Promise.all([this.nas, ...this.phones].map((actor) => actor?.peer.destroy()))
    }
  }

  private readonly steps: readonly ((phone: Actor) => Promise<void>)[] = [
    (phone) => this.pair(phone),
    (phone) => this.mistype(phone),
    (phone) => this.beInterrupted(phone),
    () => this.pairAtOnce(),
    (phone) => this.restart(phone, false),
    (phone) => this.restart(phone, true),
    () => this.restart(this.nas, false),
    (phone) => this.revoke(phone),
  ]

  private async create(id: string): Promise<Actor> {
    const [known, identity] = [memoryKnown(), await newIdentity()]
    return { id, known, identity, peer: await this.open(id, known, identity) }
  }

  private async open(id: string, known: Known, identity: Identity): Promise<Peer> {
    const transport = breakable(this.net.transport, () => this.interruption)
    const reconnect = { minDelay: 10, maxDelay: 10 }
    const peer = createPeer(id, { transport, known, identity, limits, reconnect, onError: () => {} })
    peer.handle('who', (_input, { remote }) => remote.key)
    await peer.open()
    return peer
  }

  private async restart(actor: Actor, losesKey: boolean): Promise<void> {
    this.story.push(`${actor.id} ${losesKey ? 'loses its key' : 'restarts'}`)
    await actor.peer.destroy()
    if (losesKey) actor.identity = await newIdentity()
    actor.peer = await this.open(actor.id, actor.known, actor.identity)
  }

  private async revoke({ id, identity }: Actor): Promise<void> {
    this.story.push(`the device revokes ${id}`)
    this.revoked.add(identity.key)
    await this.nas.peer.revoke(identity.key)
  }

  /** Shows a code. */
  private async show(): Promise<{ hosting: Pairing; code: string }> {
    const hosting = this.nas.peer.pair()
    const code = await new Promise<string>((resolve, reject) => {
      hosting.$state.subscribe(({ code }) => code !== null && resolve(code))
      hosting.done.catch(reject)
    })
    return { hosting, code }
  }

  /** Where the device knows this id by another key, whoever looks at it takes the new one. */
  private agree(hosting: Pairing): void {
    hosting.$state.subscribe(({ status }) => {
      if (status === 'asking') hosting.replace()
    })
  }

  private async pair(phone: Actor): Promise<void> {
    this.story.push(`${phone.id} pairs`)
    const { hosting, code } = await this.show()
    this.agree(hosting)
    const done = await Promise.all([phone.peer.join(code).done, hosting.done])
    this.revoked.delete(phone.identity.key)
    expect(done).toEqual([this.asKnown(this.nas), this.asKnown(phone)])
    expect([await this.keyOf(phone), await phone.known.get('nas')]).toEqual(
      done.map(({ key }) => key).reverse(),
    )
  }

  /** Up to three times, and then rightly where the code is still good. */
  private async mistype(phone: Actor): Promise<void> {
    const times = this.random.between(1, 3)
    this.story.push(`${phone.id} mistypes ${times} times`)
    const before = await this.keyOf(phone)
    const { hosting, code } = await this.show()
    const [digits, first, second] = code.split('-')
    for (let time = 0; time < times; time++) {
      const other = this.random.pick(words.filter((word) => word !== second))
      await expect(phone.peer.join(`${digits}-${first}-${other}`).done).rejects.toMatchObject({
        code: 'REFUSED',
      })
      expect(await this.keyOf(phone)).toBe(before)
    }
    if (times === 3) {
      await expect(hosting.done).rejects.toMatchObject({ code: 'REFUSED' })
      await expect(phone.peer.join(code).done).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' })
      return
    }
    this.agree(hosting)
    await Promise.all([phone.peer.join(code).done, hosting.done])
    this.revoked.delete(phone.identity.key)
  }

  /** Both have the code: one of them is paired, and the other is not. */
  private async pairAtOnce(): Promise<void> {
    this.story.push('both phones type the same code')
    const before = await this.keysOfPhones()
    const { hosting, code } = await this.show()
    this.agree(hosting)
    const outcomes = await Promise.allSettled(this.phones.map(({ peer }) => peer.join(code).done))
    const { id, key } = await hosting.done
    const paired = this.phones.findIndex((phone) => phone.id === id)
    expect(outcomes.map(({ status }) => status)).toEqual(
      this.phones.map((_, index) => (index === paired ? 'fulfilled' : 'rejected')),
    )
    this.revoked.delete(key)
    const expected = before.map((known, index) => (index === paired ? key : known))
    expect(await this.keysOfPhones()).toEqual(expected)
  }

  /** The link is cut, or one of the two restarts, in the middle: what each side keeps is right, and the device's comes first. */
  private async beInterrupted(phone: Actor): Promise<void> {
    const { random } = this
    const [by, after, turns] = [random.pick(['A', 'B'] as const), random.between(1, 5), random.between(0, 3)]
    const what = random.pick(['cut', 'phone restarts', 'device restarts'] as const)
    const wait = turns * this.time.random.pick([0, 1, 20])
    this.story.push(`${phone.id} pairs: ${what} ${wait} ms after message ${after} of ${by}`)
    const before = await this.keyOf(phone)
    const { hosting, code } = await this.show()
    this.agree(hosting)
    let isOver = false
    let happening: Promise<void> | undefined
    const happen = (cut: () => void) => {
      // It may have paired before.
      if (isOver) return
      if (what === 'cut') cut()
      else happening = this.restart(what === 'phone restarts' ? phone : this.nas, false)
    }
    this.interruption = { by, after, wait, happen }
    const [joined] = await Promise.allSettled([phone.peer.join(code).done])
    this.interruption = null
    isOver = true
    await happening
    hosting.cancel()
    const [hosted] = await Promise.allSettled([hosting.done])
    this.story.push(`it was ${joined.status} for the phone, ${hosted.status} for the device`)
    const kept = await this.keyOf(phone)
    const { key } = phone.identity
    expect(kept === key || kept === before).toBe(true)
    if (joined.status === 'fulfilled') expect(kept).toBe(key)
    if (hosted.status === 'fulfilled') expect(hosted.value).toEqual(this.asKnown(phone))
    expect([undefined, this.nas.identity.key]).toContain(await phone.known.get('nas'))
    // Whoever is kept is revoked no more.
    if (kept === key) this.revoked.delete(key)
  }

  private asKnown({ id, identity }: Actor) {
    return { id, key: identity.key }
  }

  private async keyOf({ id }: Actor): Promise<string | undefined> {
    return this.nas.known.get(id)
  }

  private keysOfPhones(): Promise<(string | undefined)[]> {
    return Promise.all(this.phones.map((phone) => this.keyOf(phone)))
  }

  /** Served by the device, or not; a dial that was under way may meet who was there before. */
  private async ask(phone: Actor): Promise<void> {
    const { key } = phone.identity
    const isServed = (await this.keyOf(phone)) === key && !this.revoked.has(key)
    const expected = isServed ? key : 'REFUSED'
    const outcomes: unknown[] = []
    while (outcomes.at(-1) !== expected && outcomes.length < 10) {
      const answer = phone.peer.connect('nas', { timeout: 500 }).request('who', undefined, { timeout: 5000 })
      outcomes.push(await answer.catch((error) => error.code))
    }
    expect(outcomes.at(-1), `${phone.id}: ${outcomes}`).toBe(expected)
    const passing = ['CONNECTION_LOST', 'TIMEOUT', 'PEER_UNAVAILABLE']
    expect(passing, `${phone.id}: ${outcomes}`).toEqual(expect.arrayContaining(outcomes.slice(0, -1)))
    expect([undefined, this.nas.identity.key]).toContain(await phone.known.get('nas'))
  }
}
