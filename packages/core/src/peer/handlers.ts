import { toAction } from '../action'
import { type Answer, type IncomingRequest, type Registration, runHandler } from '../engine/rpc/run-handler'
import { LimitError } from '../limit-error'
import type { ActionLike, Connection, HandlerContext, Limits, PeerOptions } from '../types'

type Run = (input: unknown, context: HandlerContext) => unknown

/** The handlers of one peer, for all its connections. */
export class Handlers {
  /** By the action's name, in the order in which they came. The last one answers. */
  private readonly registrations = new Map<string, readonly Registration[]>()
  private running = 0

  /**
   * @param limits how many handlers may run at once, and how large a value they may answer
   * @param report hears what handlers throw; it never leaves the device
   */
  constructor(
    private readonly limits: Pick<Limits, 'runningHandlers' | 'messageSize'>,
    private readonly report: NonNullable<PeerOptions['onError']>,
  ) {}

  /** The last registration answers; once it is undone, the one before it does. */
  register(action: ActionLike, handler: Run): () => void {
    const { name, kind, input } = toAction(action)
    const before = this.registrations.get(name) ?? []
    if (before.length > 0) {
      console.warn(`nanopeer: a second handler for ${JSON.stringify(name)} replaces the first.`)
    }
    const registration: Registration = {
      kind: typeof action === 'string' ? null : kind,
      input,
      run: (value: unknown, request: IncomingRequest, connection: Connection) =>
        handler(value, contextOf(request, connection)),
    }
    this.registrations.set(name, [...before, registration])
    return () => {
      const left = this.registrations.get(name)?.filter((other) => other !== registration) ?? []
      if (left.length > 0) this.registrations.set(name, left)
      else this.registrations.delete(name)
    }
  }

  get census(): number {
    return this.running
  }

  async serve(request: IncomingRequest, connection: Connection): Promise<Answer> {
    const { action } = request.head
    const { runningHandlers, messageSize } = this.limits
    if (this.running >= runningHandlers) {
      const message = `This device runs at most ${runningHandlers} handlers at once; try again later.`
      return { kind: 'failure', error: new LimitError('runningHandlers', 'OVERLOADED', message) }
    }
    this.running++
    const report = (error: unknown) => this.report(error, { remoteId: connection.remoteId, action })
    try {
      return await runHandler(
        this.registrations.get(action)?.at(-1),
        request,
        connection,
        messageSize,
        report,
      )
    } finally {
      this.running--
    }
  }
}

const contextOf = (request: IncomingRequest, connection: Connection): HandlerContext => ({
  get signal() {
    return request.signal
  },
  connection,
  action: request.head.action,
  requestId: request.requestId,
  ...(request.body && { body: request.body }),
})
