import type { ActionLike, Connection, DevtoolsRequest, PendingRequest, Progress } from '@nanopeer/core'
import { type Preview, previewOf } from './preview'

/** What a request was doing from a moment on. */
export interface Phase {
  /** Epoch ms. */
  readonly at: number
  readonly state: PendingRequest['status']
}

/** How it ended: `code` is null where all went well. */
export interface RequestEnd {
  /** Epoch ms. */
  readonly at: number
  readonly code: string | number | null
  readonly message: string | null
}

/** A link that is lost every second for minutes has as many phases as fit on a screen. */
const maxPhases = 100

/** One request, as it went. */
export class RequestRecord {
  readonly startedAt: number
  readonly phases: Phase[] = []
  input: Preview | null = null
  answer: Preview | null = null
  hasBody = false
  progress: Progress | null = null
  end: RequestEnd | null = null
  /** Its handler runs now: what limits count. */
  isRunning = false
  connection: Connection | null = null
  private look: (() => PendingRequest) | null = null
  private again: { readonly action: ActionLike; readonly input: unknown } | null = null

  constructor(
    readonly direction: 'in' | 'out',
    readonly peerId: string,
    readonly remoteId: string,
    readonly requestId: string,
    readonly action: string,
    now: number,
  ) {
    this.startedAt = now
    if (direction === 'in') this.phases.push({ at: now, state: 'pending' })
  }

  /** Core tells what is asked. `settled`: the answer is there, or an error. */
  describe(request: DevtoolsRequest, now: () => number, settled: () => void): void {
    this.connection = request.connection
    this.input = previewOf(request.input)
    this.hasBody = request.hasBody
    this.look = request.look ?? null
    // What is large is not kept for this: it could not be asked again from here.
    if (request.look && this.input.isWhole && !request.hasBody) {
      this.again = { action: request.action, input: request.input }
    }
    this.isRunning = request.direction === 'in'
    request.answer.then(
      (answer) => {
        this.answer = previewOf(answer)
        this.isRunning = false
        // The other side reads it from now on; how long, the event of its end tells.
        if (request.direction === 'in') this.enter('streaming', now())
        settled()
      },
      (error: { code?: string | number; message?: string }) => {
        this.isRunning = false
        if (request.direction === 'out') this.fail(error, now())
        settled()
      },
    )
    this.update(now())
  }

  /** Looks at where it stands now. */
  update(now: number): void {
    const pending = this.end ? null : this.look?.()
    if (!pending) return
    this.progress = pending.progress
    this.enter(pending.status, now)
  }

  finish(code: string | number | null, now: number): void {
    if (this.end) this.end = { ...this.end, code }
    else this.end = { at: now, code, message: null }
    this.isRunning = false
    this.look = null
  }

  get canAbort(): boolean {
    return this.look !== null && !this.end
  }

  abort(): void {
    this.look?.().abort()
  }

  get canRepeat(): boolean {
    return this.again !== null
  }

  /** Asks the same again. Whoever looks sees what comes of it in a record of its own. */
  repeat(): void {
    if (!this.again || !this.connection) return
    this.connection.request(this.again.action, this.again.input).then(drain, () => {})
  }

  private fail({ code, message }: { code?: string | number; message?: string }, now: number): void {
    if (this.end?.message) return
    this.end = { at: this.end?.at ?? now, code: code ?? 'NETWORK', message: message ?? null }
    this.look = null
  }

  private enter(state: Phase['state'], now: number): void {
    if (this.end || this.phases.at(-1)?.state === state || this.phases.length >= maxPhases) return
    this.phases.push({ at: now, state })
  }
}

/** Nobody reads the answer to a repeated request; one that streams ends when it has been read, so it is let go of. */
const drain = (answer: unknown): void => {
  if (answer instanceof Response) void answer.body?.cancel()
  else if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    void (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().return?.()
  }
}
