import { NanopeerError } from '../../base/errors'
import { LimitError } from '../../base/limits'
import { peerjsCall } from '../../base/peerjs-call'
import type { Call } from '../../base/transport'
import { decodeValue } from '../../codec/read'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import type { Dispatch } from '../rpc/run-handler'
import { PlainCall } from './call'

/** Calls that one remote may have ringing and under way here: each asks a handler, and most take a connection. */
const maxCalls = 4

export interface PlainCallsHost {
  /** What says what the remote is shown when we call. */
  readonly dispatch: Dispatch
  createStream(): MediaStream
  /** @throws `NanopeerError` where nothing can be called. */
  call(metadata: unknown): Call
  /** Their number changed. */
  changed(): void
}

/** The PeerJS calls with one remote, whoever has called. */
export class PlainCalls {
  private readonly calls = new Set<PlainCall>()

  constructor(private readonly host: PlainCallsHost) {}

  get size(): number {
    return this.calls.size
  }

  /**
   * What the remote sends: in the call that is under way, or in one that is placed for it.
   *
   * @throws `NanopeerError` `UNSUPPORTED` for any other action, and where there are no calls.
   */
  request({ action, input }: OutgoingRequest, events: OutgoingRequestEvents): Exchange {
    if (action !== peerjsCall.name) {
      const message = `A plain PeerJS client has no media but its calls: ask for peerjsCall ("${peerjsCall.name}").`
      throw new NanopeerError('UNSUPPORTED', message)
    }
    const [underWay] = this.calls
    const call = underWay ?? this.add(this.host.call(decodeValue(input)), true, this.host.dispatch)
    return call.watch(events)
  }

  /** @throws `NanopeerError` `OVERLOADED` where there are too many. */
  incoming(call: Call, dispatch: Dispatch): void {
    if (this.calls.size >= maxCalls) {
      const message = `A call was not taken: one remote may have ${maxCalls} at once.`
      throw new LimitError('openStreams', 'OVERLOADED', message)
    }
    this.add(call, false, dispatch)
  }

  /** All of them are hung up. */
  abort(error: NanopeerError): void {
    const calls = [...this.calls]
    this.calls.clear()
    for (const call of calls) call.end(error)
  }

  private add(call: Call, isOurs: boolean, dispatch: Dispatch): PlainCall {
    const { createStream, changed } = this.host
    const added = new PlainCall(call, isOurs, {
      dispatch,
      createStream,
      ended: () => {
        this.calls.delete(added)
        changed()
      },
    })
    this.calls.add(added)
    changed()
    void added.begin()
    return added
  }
}
