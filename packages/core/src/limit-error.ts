import { type ErrorCode, NanopeerError } from './errors'
import type { Limits } from './limits'

/** What may be limited: what `limits` sets, and what nobody sets. */
export type LimitName = keyof Limits | 'pendingInput' | 'unreadMessages'

/** A limit of ours was reached; who reached it sees a {@link NanopeerError} like any other. */
export class LimitError extends NanopeerError {
  constructor(
    readonly limit: LimitName,
    code: Extract<ErrorCode, 'OVERLOADED' | 'TOO_LARGE'>,
    message: string,
  ) {
    super(code, message)
  }
}
