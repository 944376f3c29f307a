import { LimitError } from '../base/limits'
import type { Connection, HandlerContext, Remote } from '../base/types'
import type { PeerHost } from '../engine'
import { type Answer, type IncomingRequest, runHandler } from './rpc/run-handler'
import { shownHandler } from './tools'

/** Runs the handlers of one peer, for all its connections, and bounds how many run at once. */
export class HandlerRunner {
  private running = 0

  constructor(private readonly host: Pick<PeerHost, 'limits' | 'report' | 'handlerOf'>) {}

  async serve(request: IncomingRequest, connection: Connection, remote: Remote): Promise<Answer> {
    const { action } = request.head
    const { runningHandlers, messageSize } = this.host.limits
    if (this.running >= runningHandlers) {
      const message = `This device runs at most ${runningHandlers} handlers at once; try again later.`
      return { kind: 'failure', error: new LimitError('runningHandlers', 'OVERLOADED', message) }
    }
    this.running++
    try {
      return await runHandler(
        shownHandler(this.host.handlerOf(action)),
        request,
        contextOf(request, connection, remote),
        messageSize,
        (error) => this.host.report(error, { remoteId: connection.remoteId, action }),
      )
    } finally {
      this.running--
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
