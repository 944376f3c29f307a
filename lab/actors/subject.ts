import type { Connection, Peer } from '@nanopeer/core'
import * as actions from './actions'
import { collect, contentStream, sha256Of } from './content'
import { type Moment, momentOf, type Outcome, outcomeOf } from './record'
import { serve } from './serve'

/** What arrived. */
export interface Received {
  readonly sha256: string
  readonly size: number
}

/**
 * A peer under observation, in a page or in a Node process: it answers the lab's actions, asks them of others, and
 * keeps a record of every status that it ever showed. All that goes in and out is plain data.
 */
export class Subject {
  private readonly peerMoments: Moment[] = []
  private readonly moments = new Map<string, Moment[]>()
  private readonly served
  private moved = 0

  constructor(
    private readonly peer: Peer,
    private readonly asked: { readonly count: number },
  ) {
    this.served = serve(peer)
    peer.$status.subscribe((status) => this.peerMoments.push(momentOf(status)))
    peer.$connections.subscribe((connections) => connections.forEach(this.watch, this))
  }

  /** Resolves when the peer is first open. */
  open(): Promise<void> {
    return this.peer.open()
  }

  /** Wants a connection, from now on. */
  connect(remoteId: string): void {
    this.peer.connect(remoteId)
  }

  async close(remoteId: string): Promise<void> {
    await this.connection(remoteId).close()
  }

  /** Every status of this peer, oldest first. */
  peerHistory(): readonly Moment[] {
    return this.peerMoments
  }

  /** Every status of the connection, oldest first; empty where there never was one. */
  history(remoteId: string): readonly Moment[] {
    return this.moments.get(remoteId) ?? []
  }

  /** Route, round trip and bytes of the connection, as its store shows them. */
  stats(remoteId: string) {
    return this.connection(remoteId).$stats.get()
  }

  download(remoteId: string, seed: number, size: number): Promise<Outcome<Received>> {
    this.moved = 0
    return outcomeOf(
      (async () => {
        const response = await this.connection(remoteId).request(actions.download, { seed, size })
        const body = response.body as ReadableStream<Uint8Array>
        const bytes = await collect(body, (size) => {
          this.moved = size
        })
        return { sha256: await sha256Of(bytes), size: bytes.length }
      })(),
    )
  }

  upload(remoteId: string, seed: number, size: number): Promise<Outcome<Received>> {
    this.moved = 0
    const onProgress = ({ loaded }: { loaded: number }) => {
      this.moved = loaded
    }
    const options = { body: contentStream(seed, size), onProgress }
    return outcomeOf(this.connection(remoteId).request(actions.upload, undefined, options))
  }

  /** How far the latest download, upload or series is: bytes, or numbers. */
  progress(): number {
    return this.moved
  }

  /** How many numbers came, and the first one that came out of order. */
  series(remoteId: string, count: number): Promise<Outcome<{ count: number; wrong: number | null }>> {
    this.moved = 0
    return outcomeOf(
      (async () => {
        let wrong: number | null = null
        for await (const number of await this.connection(remoteId).request(actions.series, { count })) {
          if (number !== this.moved) wrong ??= number
          this.moved++
        }
        return { count: this.moved, wrong }
      })(),
    )
  }

  /** `count` requests, `workers` at a time; gives how many were answered with what they asked, and what failed. */
  echoes(remoteId: string, count: number, workers: number, delay: number) {
    const connection = this.connection(remoteId)
    let next = 0
    let right = 0
    const work = async () => {
      while (next < count) {
        const number = next++
        if ((await connection.request(actions.echo, { number, delay })) === number) right++
        this.moved = right
      }
    }
    this.moved = 0
    return outcomeOf(Promise.all(Array.from({ length: workers }, work)).then(() => right))
  }

  /** A request that is never answered: how it ends. */
  hang(remoteId: string): Promise<Outcome<never>> {
    return outcomeOf(this.connection(remoteId).request(actions.hang, undefined, { timeout: 0 }))
  }

  /** What this peer's handlers did. */
  handled() {
    return this.served.report()
  }

  /** How often ICE servers were asked for. */
  iceServersAsked(): number {
    return this.asked.count
  }

  /** The one that is there, whoever dialled it. */
  private connection(remoteId: string): Connection {
    const known = this.peer.$connections.get().find((connection) => connection.remoteId === remoteId)
    return known ?? this.peer.connect(remoteId)
  }

  private watch({ remoteId, $status }: Connection): void {
    if (this.moments.has(remoteId)) return
    const moments: Moment[] = []
    this.moments.set(remoteId, moments)
    $status.subscribe((status) => moments.push(momentOf(status)))
  }
}
