import type { ReadableAtom, WritableAtom } from 'nanostores'
import { NanopeerError } from '../base/errors'
import { checkId } from '../base/id'
import { isKey } from '../base/identity'
import type { Connection, ConnectOptions } from '../base/types'
import type { ConnectionController } from '../connection/controller'
import { observedAtom, publish } from '../store'
import { WeakValues } from './weak-values'

/** The connections of one peer: one for each remote id. */
export class Directory {
  readonly $connections: ReadableAtom<readonly Connection[]>
  private readonly $writable: WritableAtom<readonly Connection[]>
  private readonly listed = new Map<string, ConnectionController>()
  /**
   * Listed or not, for as long as anybody has its handle: a second one of the same id would talk beside it. One that a render
   * has looked up is only here until it is held: to list it would change stores in the middle of that.
   */
  private readonly known = new WeakValues<ConnectionController>()
  /** What the app has asked of a remote, for as long as the peer lives: a secret that is forgotten is an open door. */
  private readonly wishes = new Map<string, ConnectOptions>()

  /**
   * @param ownId no connection leads to oneself
   * @param observed somebody listens to the list; returns the undo
   */
  constructor(
    private readonly ownId: string,
    private readonly create: (remoteId: string) => ConnectionController,
    observed: () => () => void,
  ) {
    this.$connections = this.$writable = observedAtom<readonly Connection[]>([], observed)
  }

  /** A copy: whoever visits them may end some. */
  all(): ConnectionController[] {
    return [...this.listed.values()]
  }

  /** What the app has asked of this remote; undefined where it has asked nothing. An id that is a key is there once it was named. */
  wishesOf(remoteId: string): ConnectOptions | undefined {
    return this.wishes.get(remoteId)
  }

  /** Those, too, that somebody only has a handle of. */
  withHandles(): ConnectionController[] {
    return this.known.values()
  }

  visit(act: (connection: ConnectionController) => void): void {
    for (const connection of this.all()) act(connection)
  }

  /** Those with a session, of other remotes than this one; those that have been listed the longest first. */
  sessionsBeside(remoteId: string): ConnectionController[] {
    return this.all().filter((connection) => connection.hasSession && connection.remoteId !== remoteId)
  }

  get(remoteId: string): ConnectionController | undefined {
    return this.listed.get(remoteId)
  }

  /**
   * The one that is there, or one that is listed as soon as somebody holds it.
   *
   * @throws `NanopeerError` `INVALID_ID`.
   */
  lookup(remoteId: string): ConnectionController {
    return this.known.get(remoteId) ?? this.begin(remoteId)
  }

  /**
   * The same, where it is the app that names this remote.
   *
   * @param wishes stay when the connection is closed, and are those of whatever comes under this id
   */
  name(remoteId: string, wishes?: ConnectOptions): ConnectionController {
    const connection = this.lookup(remoteId)
    if (wishes) connection.configure(wishes)
    // Whoever names an id that is a key has named that key.
    if (wishes || isKey(remoteId)) this.wishes.set(remoteId, connection.options)
    return connection
  }

  private begin(remoteId: string): ConnectionController {
    checkId(remoteId)
    if (remoteId === this.ownId) {
      const message = 'A device cannot connect to itself; give the id of the other one.'
      throw new NanopeerError('INVALID_ID', message)
    }
    const connection = this.create(remoteId)
    const wishes = this.wishes.get(remoteId)
    if (wishes) connection.configure(wishes)
    this.known.set(remoteId, connection)
    return connection
  }

  list(connection: ConnectionController): void {
    const { remoteId } = connection
    if (this.listed.get(remoteId) === connection) return
    this.listed.set(remoteId, connection)
    this.publish()
  }

  /** Lists what has a session, whoever began it. What has none, and nobody holds, leaves nothing behind until it is held again. */
  tidy(connection: ConnectionController): void {
    if (connection.hasSession) return this.list(connection)
    if (connection.isHeld) return
    if (this.listed.get(connection.remoteId) !== connection) return
    this.listed.delete(connection.remoteId)
    this.publish()
  }

  private publish(): void {
    publish(
      this.$writable,
      this.all().map((connection) => connection.handle),
    )
  }
}
