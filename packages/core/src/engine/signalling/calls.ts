import { v4 as uuid } from 'uuid'
import type { Clock } from '../../base/clock'
import { asNanopeerError, NanopeerError } from '../../base/errors'
import type { Call, CallEvents } from '../../base/transport'
import { abortable } from './abortable'
import { CallPath, callMessage } from './call-path'
import type { Offered } from './guard'
import type { Server } from './server'
import type { Offer } from './server-messages'
import type { Servers } from './servers'

/** What calls need, whoever calls. */
export interface CallContext {
  readonly clock: Clock
  /** What a connection is made with, as PeerJS makes its own. */
  readonly config: RTCConfiguration
}

/** A remote's call, which rings here. */
export const incomingCall = (
  { src: remoteId, connectionId: callId, message }: Offer,
  { say, listen }: Pick<Offered, 'say' | 'listen'>,
  context: CallContext,
): Call => {
  const { sdp, metadata } = message.payload as { sdp: RTCSessionDescriptionInit; metadata: unknown }
  let path: CallPath | null = null
  let unlisten = () => {}
  return {
    remoteId,
    callId,
    metadata,
    get senders() {
      return path?.senders ?? []
    },
    begin(stream, events) {
      const ended = (error: NanopeerError | null) => {
        unlisten()
        events.ended(error)
      }
      const fail = (cause: unknown) => {
        path?.close()
        ended(new NanopeerError('PROTOCOL', 'The call could not be answered.', { cause }))
      }
      try {
        path = new CallPath({ ...context, send: say }, { ...events, ended })
      } catch (error) {
        return fail(error)
      }
      // Candidates are put into what has a description.
      path.answer(sdp, stream).catch(fail)
      unlisten = listen(path)
    },
    close() {
      unlisten()
      path?.close()
    },
  }
}

/** A call of ours, through the first server that knows the remote. */
export class OutgoingCall implements Call {
  readonly callId = `mc_${uuid()}`
  private readonly hangUp = new AbortController()
  private path: CallPath | null = null
  private unlisten = () => {}

  constructor(
    readonly remoteId: string,
    readonly metadata: unknown,
    private readonly context: CallContext & { readonly servers: Servers; refresh(): Promise<void> },
  ) {}

  get senders(): readonly RTCRtpSender[] {
    return this.path?.senders ?? []
  }

  begin(stream: MediaStream | null, events: CallEvents): void {
    const ended = (error: NanopeerError | null) => {
      if (this.hangUp.signal.aborted) return
      this.close()
      events.ended(error)
    }
    this.place(stream, { ...events, ended }).catch((error: unknown) => ended(asNanopeerError(error)))
  }

  close(): void {
    this.hangUp.abort(new NanopeerError('ABORTED', 'The call was ended.'))
    this.leave()
  }

  /** Resolves when it is answered. */
  private async place(stream: MediaStream | null, events: CallEvents): Promise<void> {
    const { servers, refresh } = this.context
    const { signal } = this.hangUp
    const tried = new Set<Server>()
    let unavailable: unknown = null
    for (;;) {
      const server = await abortable(servers.next(tried), signal)
      if (!server) throw unavailable
      await abortable(refresh(), signal)
      try {
        return await abortable(this.ring(server, stream, events), signal)
      } catch (error) {
        this.leave()
        if (!(error instanceof NanopeerError) || error.code !== 'PEER_UNAVAILABLE') throw error
        unavailable = error
        tried.add(server)
      }
    }
  }

  private ring(server: Server, stream: MediaStream | null, events: CallEvents): Promise<void> {
    const { remoteId, callId, metadata, context } = this
    return new Promise((resolve, reject) => {
      const send = (type: string, payload: object) =>
        server.peer()?.socket.send(callMessage(type, remoteId, callId, payload))
      const path = new CallPath({ ...context, send }, events)
      this.path = path
      const undo = server.calls.add(remoteId, callId, path)
      const forget = server.dials.add({
        remoteId,
        connectionId: callId,
        fail: reject,
        answered() {
          forget()
          resolve()
        },
      })
      this.unlisten = () => {
        undo()
        forget()
      }
      path.place(stream, metadata).catch(reject)
    })
  }

  private leave(): void {
    this.unlisten()
    this.path?.close()
    this.path = null
  }
}
