import type { Connection, DiagnoseOptions, Diagnosis, Peer } from '@nanopeer/core'
import { Screen, type Seen } from '../../packages/core/test/support/pictures'
import * as actions from './actions'
import { collect, contentStream, sha256Of } from './content'
import { type Moment, momentOf, type Outcome, outcomeOf } from './record'
import { serve } from './serve'

/** What arrived. */
export interface Received {
  readonly sha256: string
  readonly size: number
}

/** How far the latest of each kind is: bytes, or how many came. */
export interface Progress {
  downloaded: number
  uploaded: number
  numbers: number
  echoes: number
}

/**
 * A peer under observation, in a page or in a Node process: it answers the lab's actions, asks them of others, and
 * keeps a record of every status that it ever showed. All that goes in and out is plain data.
 */
export class Subject {
  private readonly peerMoments: Moment[] = []
  private readonly moments = new Map<string, Moment[]>()
  private readonly served
  private readonly watching = new AbortController()
  private seen: () => Seen = () => ({})
  private readonly moved: Progress = { downloaded: 0, uploaded: 0, numbers: 0, echoes: 0 }

  constructor(
    private readonly peer: Peer,
    private readonly asked: { readonly count: number },
    private readonly examine: (options: DiagnoseOptions) => Promise<Diagnosis>,
  ) {
    this.served = serve(peer)
    peer.$status.subscribe((status) => this.peerMoments.push(momentOf(status)))
    peer.$connections.subscribe((connections) => connections.forEach(this.follow, this))
  }

  /** Resolves when the peer is first open. */
  open(): Promise<void> {
    return this.peer.open()
  }

  /** Wants a connection, from now on. */
  connect(remoteId: string): void {
    this.peer.connect(remoteId)
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

  progress(): Progress {
    return this.moved
  }

  /** What this peer's handlers did. */
  handled() {
    return this.served.report()
  }

  /** How often ICE servers were asked for. */
  iceServersAsked(): number {
    return this.asked.count
  }

  /** What `diagnose` says of the network here. */
  diagnose(iceServers: readonly RTCIceServer[]): Promise<Diagnosis> {
    return this.examine({ iceServers })
  }

  download(remoteId: string, seed: number, size: number): Promise<Outcome<Received>> {
    const ask = async () => {
      const response = await this.connection(remoteId).request(actions.download, { seed, size })
      const bytes = await collect(response.body as ReadableStream<Uint8Array>, (size) => {
        this.moved.downloaded = size
      })
      return { sha256: await sha256Of(bytes), size: bytes.length }
    }
    return outcomeOf(ask())
  }

  upload(remoteId: string, seed: number, size: number): Promise<Outcome<Received>> {
    const onProgress = ({ loaded }: { loaded: number }) => {
      this.moved.uploaded = loaded
    }
    const options = { body: contentStream(seed, size), onProgress }
    return outcomeOf(this.connection(remoteId).request(actions.upload, undefined, options))
  }

  /** Takes a series to its end: how many numbers came, and the first one that came out of its turn. */
  series(
    remoteId: string,
    count: number,
    pause: number,
  ): Promise<Outcome<{ count: number; wrong: number | null }>> {
    const ask = async () => {
      let wrong: number | null = null
      for await (const number of await this.connection(remoteId).request(actions.series, { count, pause })) {
        if (number !== this.moved.numbers) wrong ??= number
        this.moved.numbers++
      }
      return { count: this.moved.numbers, wrong }
    }
    return outcomeOf(ask())
  }

  /** `count` requests, `workers` at a time; gives how many were answered with what they asked. */
  echoes(remoteId: string, count: number, workers: number, delay: number): Promise<Outcome<number>> {
    const connection = this.connection(remoteId)
    let next = 0
    const work = async () => {
      while (next < count) {
        const number = next++
        if ((await connection.request(actions.echo, { number, delay })) === number) this.moved.echoes++
      }
    }
    const all = Promise.all(Array.from({ length: workers }, work))
    return outcomeOf(all.then(() => this.moved.echoes))
  }

  /** Watches the camera of a page, until `stopWatching`. */
  watch(remoteId: string): Promise<Outcome<void>> {
    const connection = this.connection(remoteId)
    // The figures are read while somebody looks.
    connection.$stats.listen(() => {})
    const ask = async () => {
      const { signal } = this.watching
      this.seen = new Screen(await connection.request(actions.camera, undefined, { signal })).count()
    }
    return outcomeOf(ask())
  }

  /** What has been seen of it. */
  pictures(): Seen {
    return this.seen()
  }

  stopWatching(): void {
    this.watching.abort()
  }

  /** A request that is never answered: how it ends. */
  hang(remoteId: string): Promise<Outcome<never>> {
    return outcomeOf(this.connection(remoteId).request(actions.hang, undefined, { timeout: 0 }))
  }

  /** The one that is there, whoever dialled it. */
  private connection(remoteId: string): Connection {
    const known = this.peer.$connections.get().find((connection) => connection.remoteId === remoteId)
    return known ?? this.peer.connect(remoteId)
  }

  private follow({ remoteId, $status }: Connection): void {
    // Of one remote the history goes on, also where it comes back as another connection.
    const moments = this.moments.get(remoteId) ?? []
    if (this.followed.has($status)) return
    this.followed.add($status)
    this.moments.set(remoteId, moments)
    $status.subscribe((status) => moments.push(momentOf(status)))
  }

  private readonly followed = new WeakSet<object>()
}
