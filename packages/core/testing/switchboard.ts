import type { Clock } from '../src/base/clock'
import { NanopeerError } from '../src/base/errors'
import type { SignallingEvents } from '../src/base/transport'
import { type LinkSettings, TestLink } from './link'
import type { PathQuality } from './pipe'
import { TestPlainChannel } from './plain-channel'

/** One id that is, or wants to be, registered. */
export interface Registrant {
  readonly id: string
  readonly events: SignallingEvents
  /** It was killed, or has left the network. */
  readonly hasLeft: boolean
  /** Tries to register again. */
  retry(): void
  /** Signalling is gone. */
  lose(): void
  /** Ends it without an event. */
  stop(error: NanopeerError): void
}

/** What connects two ids: a link or a plain channel, both ends of it. */
interface Wire {
  /** The dialler's end, then the accepter's. */
  readonly ends: readonly [TestLink, TestLink]
  readonly ids: readonly [string, string]
  /** Silent for good: healing the path does not bring it back. */
  lost: boolean
}

/** The two ends of a new wire: the dialler's, and the accepter's. */
interface Ends<End> {
  readonly near: End
  readonly far: End
}

const pairOf = (a: string, b: string): string => JSON.stringify([a, b].sort())

let certificates = 0

/** Everything a test network knows: who is registered, what connects them, and what is broken. */
export class Switchboard {
  isUp = true
  readonly refused = new Set<string>()
  readonly intercepted = new Set<string>()
  readonly signallings = new Set<Registrant>()
  private readonly registered = new Map<string, Registrant>()
  private readonly wires = new Set<Wire>()
  private readonly cuts = new Set<string>()
  private readonly waiting = new Set<() => void>()

  constructor(
    readonly clock: Clock,
    readonly path: PathQuality,
    private readonly settings: Omit<LinkSettings, 'clock' | 'path'>,
  ) {}

  /** Null once registered, else why not. */
  register(signalling: Registrant): NanopeerError | null {
    if (!this.isUp) return new NanopeerError('NETWORK', 'The signalling server cannot be reached.')
    const holder = this.registered.get(signalling.id) ?? signalling
    if (holder !== signalling) {
      return new NanopeerError('ID_TAKEN', `Another peer of this test network is "${signalling.id}".`)
    }
    this.registered.set(signalling.id, signalling)
    return null
  }

  /** Frees the id that it holds, if it does. */
  unregister(signalling: Registrant): void {
    if (this.registered.get(signalling.id) === signalling) this.registered.delete(signalling.id)
  }

  find(id: string): Registrant | null {
    if (this.refused.has(id)) return null
    return this.registered.get(id) ?? null
  }

  /** Calls `go` as soon as the two can reach each other. Returns its undo. */
  whenReachable(a: string, b: string, go: () => void): () => void {
    const check = (): void => {
      if (this.cuts.has(pairOf(a, b))) return
      this.waiting.delete(check)
      go()
    }
    this.waiting.add(check)
    check()
    return () => this.waiting.delete(check)
  }

  /** The name of a pair, whichever way round. */
  pair(a: string, b: string): string {
    return pairOf(a, b)
  }

  link(dialler: Registrant, accepter: Registrant, metadata: unknown): Ends<TestLink> {
    return this.connect(TestLink, dialler, accepter, metadata)
  }

  plain(dialler: Registrant, accepter: Registrant, metadata: unknown): Ends<TestPlainChannel> {
    return this.connect(TestPlainChannel, dialler, accepter, metadata)
  }

  /** @param silent true for both, or the one id that is told nothing */
  cut(a: string, b: string, silent: boolean | string, recover: boolean): void {
    this.cuts.add(pairOf(a, b))
    for (const wire of this.between(a, b)) {
      if (silent === false) {
        wire.ends[0].break()
        continue
      }
      this.silence(wire)
      if (!recover || silent !== true) wire.lost = true
      wire.ends.forEach((end, index) => {
        if (silent !== true && wire.ids[index] !== silent) end.die()
      })
    }
  }

  heal(a: string, b: string): void {
    this.cuts.delete(pairOf(a, b))
    for (const wire of this.between(a, b)) {
      if (wire.lost) continue
      for (const end of wire.ends) end.resume()
    }
    for (const check of [...this.waiting]) check()
  }

  /** The device is gone, and says nothing. */
  kill(id: string): void {
    for (const signalling of [...this.signallings]) {
      if (signalling.id === id) signalling.stop(new NanopeerError('NETWORK', 'This device was killed.'))
    }
    for (const wire of this.wires) {
      if (!wire.ids.includes(id)) continue
      this.silence(wire)
      wire.lost = true
    }
  }

  /** Changes the path under everything that is on its way. */
  retime(change: () => void): void {
    let apply = change
    for (const { ends } of this.wires) {
      for (const end of ends) {
        const inner = apply
        apply = () => end.retime(inner)
      }
    }
    apply()
  }

  private connect<End extends TestLink>(
    Channel: new (...given: ConstructorParameters<typeof TestLink>) => End,
    dialler: Registrant,
    accepter: Registrant,
    metadata: unknown,
  ): Ends<End> {
    const ids = [dialler.id, accepter.id] as const
    const ours = this.certificate()
    const theirs = this.certificate()
    const between = this.intercepted.has(pairOf(...ids)) ? this.certificate() : null
    const settings = { ...this.settings, clock: this.clock, path: this.path }
    const gone = (): void => this.forget(wire)
    const seenByUs = { local: ours, remote: between ?? theirs }
    const near = new Channel(settings, accepter.id, undefined, seenByUs, gone)
    const seenByThem = { local: theirs, remote: between ?? ours }
    const far = new Channel(settings, dialler.id, structuredClone(metadata), seenByThem, gone)
    const wire: Wire = { ends: [near, far], ids, lost: false }
    near.other = far
    far.other = near
    near.tracks.other = far.tracks
    far.tracks.other = near.tracks
    this.wires.add(wire)
    return { near, far }
  }

  private silence(wire: Wire): void {
    for (const end of wire.ends) end.stall()
  }

  private between(a: string, b: string): Wire[] {
    return [...this.wires].filter(({ ids }) => pairOf(...ids) === pairOf(a, b))
  }

  private forget(wire: Wire): void {
    if (wire.ends.every((end) => end.isClosed)) this.wires.delete(wire)
  }

  /** Different for every certificate, of other networks too, and the same in every run. */
  private certificate(): Uint8Array {
    const fingerprint = new Uint8Array(32)
    new DataView(fingerprint.buffer).setUint32(0, ++certificates)
    return fingerprint
  }
}
