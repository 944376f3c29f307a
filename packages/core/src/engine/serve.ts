import { LimitError } from '../base/limits'
import type { Connection, HandlerContext, Remote } from '../base/types'
import type { PeerHost } from '../engine'
import { HandlerPlaces } from './handler-places'
import { type Answer, type IncomingRequest, runHandler } from './rpc/run-handler'
import { shownHandler } from './tools'

/** Runs the handlers of one peer, for all its connections, and bounds how many run at once. */
export class HandlerRunner {
  /** Strangers take none from those who have proved who they are. */
  private readonly proved
  private readonly others

  constructor(private readonly host: Pick<PeerHost, 'limits' | 'report' | 'handlerOf'>) {
    const { runningHandlers } = host.limits
    this.proved = new HandlerPlaces(runningHandlers)
    this.others = new HandlerPlaces(runningHandlers)
  }

  get running(): number {
    return this.proved.running + this.others.running
  }

  async serve(request: IncomingRequest, connection: Connection, remote: Remote): Promise<Answer> {
    const { action } = request.head
    const { runningHandlers, messageSize } = this.host.limits
    const places = remote.authenticated ? this.proved : this.others
    if (places.isFull(remote.id)) {
      const message = `This device runs at most ${runningHandlers} handlers at once; try again later.`
      return { kind: 'failure', error: new LimitError('runningHandlers', 'OVERLOADED', message) }
    }
    places.enter(remote.id)
    try {
      return await runHandler(
        shownHandler(this.host.handlerOf(action)),
        request,
        contextOf(request, connection, remote),
        messageSize,
        (error) => this.host.report(error, { remoteId: connection.remoteId, action }),
      )
    } finally {
      places.leave(remote.id)
    }
  }
}

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
