import type { Link, Signalling, SignallingEvents, SignallingOptions, Transport } from '@nanopeer/core'
import type { LineQuality } from './delay-line'
import { FaultyLink } from './faulty-link'
import { FaultySignalling } from './faulty-signalling'

/** What is wrong between one peer of this page and one remote. */
export interface Fault extends LineQuality {
  /** Dials fail, in either direction, as if the other side were not there. */
  isRefused: boolean
}

/** The faults between this page's peers and their remotes. */
export class Faults {
  private readonly faults = new Map<string, Fault>()
  private readonly links = new Map<string, Set<FaultyLink>>()
  private readonly peers = new Set<string>()

  /** A transport in place of the page's own, which behaves the same until a fault is set. */
  wrap(transport: Transport): Transport {
    return {
      clock: transport.clock,
      isSupported: () => transport.isSupported(),
      createStream: () => transport.createStream?.() ?? null,
      join: (id: string, options: SignallingOptions, events: SignallingEvents): Signalling => {
        this.peers.add(id)
        return new FaultySignalling(this, transport, id, options, events)
      },
    }
  }

  /** Whether faults can be set for a peer: not for one that had joined before these tools were there. */
  reaches(peerId: string): boolean {
    return this.peers.has(peerId)
  }

  /** What is wrong with this pair now. */
  of(peerId: string, remoteId: string): Readonly<Fault> {
    return this.faults.get(keyOf(peerId, remoteId)) ?? sound
  }

  /** Whether anything is wrong anywhere. */
  get isAny(): boolean {
    return [...this.faults.values()].some((fault) => !isSound(fault))
  }

  set(peerId: string, remoteId: string, change: Partial<Fault>): void {
    const key = keyOf(peerId, remoteId)
    Object.assign(this.faultOf(key), change)
    for (const link of this.links.get(key) ?? []) link.changed()
    this.tidy(key)
  }

  /** Ends the links of a pair; whoever wants the connection dials anew. */
  drop(peerId: string, remoteId: string): void {
    for (const link of [...(this.links.get(keyOf(peerId, remoteId)) ?? [])]) link.drop()
  }

  /** Mends everything. */
  heal(): void {
    for (const [key, fault] of this.faults) {
      Object.assign(fault, sound)
      for (const link of this.links.get(key) ?? []) link.changed()
      this.tidy(key)
    }
  }

  /** A link as it is to be used: with what is wrong with its pair, now and later. */
  enter(peerId: string, link: Link): FaultyLink {
    const key = keyOf(peerId, link.remoteId)
    const links = this.links.get(key) ?? new Set<FaultyLink>()
    this.links.set(key, links)
    const made = new FaultyLink(link, this.faultOf(key), (gone) => {
      links.delete(gone)
      this.tidy(key)
    })
    links.add(made)
    return made
  }

  /** The one object of this pair: its links look at it, so it stays for as long as there are any. */
  private faultOf(key: string): Fault {
    const fault = this.faults.get(key) ?? { ...sound }
    this.faults.set(key, fault)
    return fault
  }

  private tidy(key: string): void {
    if (this.links.get(key)?.size === 0) this.links.delete(key)
    const fault = this.faults.get(key)
    if (!this.links.has(key) && fault && isSound(fault)) this.faults.delete(key)
  }
}

const sound: Fault = { delay: 0, isCut: false, isRefused: false }

const isSound = ({ delay, isCut, isRefused }: Fault): boolean => delay === 0 && !isCut && !isRefused

const keyOf = (peerId: string, remoteId: string): string => JSON.stringify([peerId, remoteId])
