import type { ErrorCode } from './errors'
import type { LimitName } from './limits'

/** How something ended: an error's code (a number is an `ActionError`'s own), null where all went well. */
type EndCode = ErrorCode | number | null

/** One request, as events name it. `direction`: `out` we ask, `in` the remote asks. */
interface RequestName {
  readonly direction: 'in' | 'out'
  /** The same at the start and at the end; the two sides have names of their own. */
  readonly requestId: string
  readonly action: string
}

export type Happening =
  | { readonly type: 'dial-started' }
  /** `duration`: ms since it started. `ABORTED`: given up, as when the remote dialled first. */
  | { readonly type: 'dial-failed'; readonly duration: number; readonly code: ErrorCode }
  /** `link` counts this connection's links; `inbound`: the remote dialled it. */
  | { readonly type: 'link-up'; readonly link: number; readonly inbound: boolean }
  /** `duration`: ms it was up. `code`: null where a newer link took its place. */
  | {
      readonly type: 'link-down'
      readonly link: number
      readonly duration: number
      readonly code: ErrorCode | null
    }
  /** A session with a life of the remote that we had none with. Follows the `link-up` of its first link. */
  | { readonly type: 'session-began' }
  /** The session goes on over another link. `duration`: ms it was without one. */
  | { readonly type: 'session-resumed'; readonly duration: number }
  | ({ readonly type: 'request-started' } & RequestName)
  /** Answered and sent, or read, to its end; or not. `duration`: ms since it started. */
  | ({ readonly type: 'request-ended'; readonly duration: number; readonly code: EndCode } & RequestName)
  /** Our `accept` or `secret` kept out a link of the remote, or a request, which then never started. */
  | { readonly type: 'refused'; readonly what: 'link' | 'request' }
  /** The remote reached a limit of ours; what it wanted was not taken. */
  | { readonly type: 'limit-hit'; readonly limit: LimitName }

/** Something about this device, and no remote. */
export type OwnEvent = {
  readonly remoteId: null
  /**
   * This device's key, once the peer is first held. `created`: it was made just now; a device that had one before has lost it
   * (a browser may forget what it keeps), and is a stranger to those who knew it.
   */
  readonly type: 'identity'
  readonly key: string
  readonly created: boolean
  readonly kept: boolean
}

/**
 * Something that happened on the network, for a log or a developer tool: names, durations and codes; never an input,
 * an answer, a message or a secret.
 */
export type NanopeerEvent = (Happening & { readonly remoteId: string }) | OwnEvent
