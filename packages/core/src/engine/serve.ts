import { LimitError } from '../base/limits'
import type { Connection, HandlerContext, Remote } from '../base/types'
import type { PeerHost } from '../engine'
import { HandlerPlaces } from './handler-places'
import { type Answer, type IncomingRequest, type RunHost, runHandler } from './rpc/run-handler'
import { shownHandler } from './tools'

/** Runs the handlers of one peer, for all its connections, and bounds how many run at once. */
export class HandlerRunner implements RunHost {
  readonly messageSize: number
  /** Strangers take none from those who have proved who they are. */
  private readonly proved
  private readonly others

  constructor(private readonly host: Pick<PeerHost, 'limits' | 'report' | 'handlerOf'>) {
    const { runningHandlers, messageSize } = host.limits
    this.messageSize = messageSize
    this.proved = new HandlerPlaces(runningHandlers)
    this.others = new HandlerPlaces(runningHandlers)
  }

  get running(): number {
    return this.proved.running + this.others.running
  }

  serve(request: IncomingRequest, connection: Connection, remote: Remote): Promise<Answer> {
    const places = this.placesOf(remote)
    if (places.isFull(remote.id)) {
      const { runningHandlers } = this.host.limits
      const message = `This device runs at most ${runningHandlers} handlers at once; try again later.`
      const error = new LimitError('runningHandlers', 'OVERLOADED', message)
      return Promise.resolve({ kind: 'failure', error })
    }
    places.enter(remote.id)
    const handler = shownHandler(this.host.handlerOf(request.head.action))
    return runHandler(handler, request, contextOf(request, connection, remote), this)
  }

  failed(error: unknown, { connection, action }: HandlerContext): void {
    this.host.report(error, { remoteId: connection.remoteId, action })
  }

  ended({ remote }: HandlerContext): void {
    this.placesOf(remote).leave(remote.id)
  }

  private placesOf({ authenticated }: Remote): HandlerPlaces {
    return authenticated ? this.proved : this.others
  }
}

/** Its signal, made when it is first looked at, is its own: a handler may pass on a copy with more in it. */
const contextOf = (request: IncomingRequest, connection: Connection, remote: Remote): HandlerContext => ({
  get signal() {
    return request.signal
  },
  connection,
  remote,
  action: request.head.action,
  requestId: request.requestId,
  ...(request.body && { body: request.body }),
})
