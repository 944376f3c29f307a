import { toAction } from '../base/action'
import { cancelBody, checkBody, hearFailure } from '../base/body'
import { checkTime } from '../base/check-options'
import { isWatched, showRequest } from '../base/devtools-hook'
import { destroyed, NanopeerError } from '../base/errors'
import { IntMap } from '../base/int-map'
import type { ActionLike, PendingRequest } from '../base/types'
import { encodeValue } from '../codec/write'
import { Call, type CallHost, type CallOptions } from './call'
import { Deadlines } from './deadlines'

/** Ms from the call to the first answer frame. */
const defaultTimeout = 30_000

/** All requests of one connection that are in flight, oldest first. */
export class Calls {
  private readonly calls = new IntMap<Call>()
  private count = 0
  readonly deadlines: Deadlines

  constructor(private readonly host: CallHost) {
    this.deadlines = new Deadlines(host.context.clock, () => this.calls.values())
  }

  get size(): number {
    return this.calls.size
  }

  /** Nobody is going to ask for a while, or ever again. */
  rest(): void {
    this.deadlines.rest()
  }

  /** It is over. */
  forget({ number }: Call): void {
    this.calls.delete(number)
    this.host.requestsChanged()
    if (this.host.context.isDestroyed) this.rest()
  }

  list(): readonly PendingRequest[] {
    return this.calls.values().map((call) => call.toPending())
  }

  /** Never throws: what is wrong with the call rejects, too. */
  request(action: ActionLike, value: unknown, options: CallOptions = {}): Promise<unknown> {
    try {
      if (this.host.context.isDestroyed) throw destroyed()
      const { name, kind, output } = toAction(action)
      checkTime('timeout', options.timeout)
      const input = encodeValue(value, 'INVALID_INPUT')
      checkSize(input, this.host.context.limits.messageSize, 'The input')
      if (options.body !== undefined) {
        checkBody(options.body, options.retry ?? false)
        // It may wait for a link.
        hearFailure(options.body)
      }
      if (options.signal?.aborted) {
        if (options.body !== undefined) cancelBody(options.body, options.signal.reason)
        throw new NanopeerError('ABORTED', 'The request was aborted.', { cause: options.signal.reason })
      }
      const outgoing = {
        action: name,
        kind,
        input,
        body: options.body ?? null,
        requestId: null,
        idleTimeout: options.timeout ?? defaultTimeout,
        output,
      }
      const call = new Call(this.host, this, this.count++, outgoing, options)
      this.calls.set(call.number, call)
      this.host.requestsChanged()
      const answer = call.run()
      if (isWatched()) {
        call.tellTools = showRequest({
          direction: 'out',
          connection: this.host.handle,
          requestId: call.id,
          action,
          input: value,
          hasBody: options.body !== undefined,
          answer,
          look: () => call.toPending(),
        })
      }
      return answer
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

/** @throws `NanopeerError` `TOO_LARGE`. */
export const checkSize = (payload: Uint8Array, limit: number, what: string): void => {
  if (payload.length <= limit) return
  const message = `${what} has ${payload.length} bytes, over the limit of ${limit}; send large data as a stream.`
  throw new NanopeerError('TOO_LARGE', message)
}
