import { printable } from './printable'

/** What went wrong, in a word a program can branch on. The message says what to do about it. */
export type ErrorCode =
  /** No answer, or no link, within the deadline. */
  | 'TIMEOUT'
  /** The asker gave up: `abort()`, an `AbortSignal`, an unmount. */
  | 'ABORTED'
  /** The link died and could not be resumed, or the remote restarted. */
  | 'CONNECTION_LOST'
  /** The signalling server knows no device under this id, now. */
  | 'PEER_UNAVAILABLE'
  /** Another device, tab or peer object holds this id. */
  | 'ID_TAKEN'
  /** An id that cannot be used: empty, malformed, or one's own where a remote's is needed. */
  | 'INVALID_ID'
  /** The remote does not serve us (its `accept` or `secret` says so). */
  | 'REFUSED'
  /** Whoever answers for the remote has another key than it is known by, or none. */
  | 'KEY_CHANGED'
  /** The remote has no handler under this name, or one of another kind. */
  | 'UNKNOWN_ACTION'
  /** The input cannot be sent, or does not match the action's schema. */
  | 'INVALID_INPUT'
  /** The output cannot be sent, or does not match the action's schema. */
  | 'INVALID_OUTPUT'
  /** The remote's handler threw something that was not an {@link ActionError}. */
  | 'HANDLER_FAILED'
  /** A value or message over a size limit. */
  | 'TOO_LARGE'
  /** A limit on how much may be under way at once was reached. */
  | 'OVERLOADED'
  /** What was to be changed has changed meanwhile, however often it was tried. */
  | 'CONFLICT'
  /** The remote broke the protocol, or speaks another version of it. */
  | 'PROTOCOL'
  /** This environment, or the remote's, lacks something: WebRTC, WebCrypto, audio and video, a native binary. */
  | 'UNSUPPORTED'
  /** The signalling server could not be reached, or answered with an error. */
  | 'NETWORK'
  /** This peer was destroyed. */
  | 'DESTROYED'

/** What an error's code says to those who go on after it. */
interface Verdict {
  /** Stays what it is however often one dials, or registers: nothing is tried again. */
  readonly isFinal?: true
  /** A device may answer a request with it. Any other code speaks of the asker's own peer, or link, or call. */
  readonly isAnswer?: true
  /** A goodbye may say it; after any other code it is simply the end of the link. */
  readonly isGoodbye?: true
  /** A query that failed with it is worth another try. */
  readonly isPassing?: true
  /** Somebody has to look at it: what waits is told, and the next dial is as late as can be. */
  readonly isAlarm?: true
}

/** The one table of codes. */
const verdicts: Readonly<Record<ErrorCode, Verdict>> = {
  TIMEOUT: { isGoodbye: true, isPassing: true },
  ABORTED: { isAnswer: true },
  CONNECTION_LOST: { isPassing: true },
  PEER_UNAVAILABLE: { isPassing: true },
  ID_TAKEN: {},
  INVALID_ID: { isFinal: true },
  REFUSED: { isFinal: true, isAnswer: true, isGoodbye: true },
  KEY_CHANGED: { isAlarm: true },
  UNKNOWN_ACTION: { isAnswer: true },
  INVALID_INPUT: { isAnswer: true },
  INVALID_OUTPUT: { isAnswer: true },
  HANDLER_FAILED: { isAnswer: true },
  TOO_LARGE: { isAnswer: true },
  OVERLOADED: { isAnswer: true, isGoodbye: true, isPassing: true },
  CONFLICT: { isAnswer: true },
  PROTOCOL: { isFinal: true, isGoodbye: true },
  UNSUPPORTED: { isFinal: true, isAnswer: true, isGoodbye: true },
  NETWORK: { isPassing: true },
  DESTROYED: { isFinal: true },
}

/** What a code says; never more than its name says, for one that arrived from a remote and was checked before. */
export const verdictOf = ({ code }: { readonly code: ErrorCode }): Verdict => verdicts[code]

/** True for a code of {@link ErrorCode}: what arrives from a remote is only a string until checked. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(verdicts, code)

/**
 * An error of nanopeer itself: the network, the remote, or a wrong call. Its message is one line without control
 * characters, at most 1024 characters long.
 *
 * @example
 * if (error.name === 'NanopeerError' && error.code === 'TIMEOUT') retry()
 */
export class NanopeerError extends Error {
  override readonly name = 'NanopeerError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    // Not all of it is ours: a remote words a goodbye, a server a refusal, and either may name what it likes.
    super(printable(message), options)
    this.code = code
  }

  /** For `JSON.stringify`, which leaves out an error's message. */
  toJSON(): { readonly name: string; readonly code: ErrorCode; readonly message: string } {
    const { name, code, message } = this
    return { name, code, message }
  }
}

/**
 * An error that a handler answers with: code, message and data cross the wire. The asker gets the message as one line
 * without control characters, at most 1024 characters of it; longer texts belong into the data.
 *
 * @example
 * throw new ActionError(404, 'No such folder', { path: input.path })
 */
export class ActionError<Data = unknown> extends Error {
  override readonly name = 'ActionError'
  /** The device's own number; nanopeer gives it no meaning. */
  readonly code: number
  /** Anything that can be sent as a value. */
  readonly data: Data

  constructor(code: number, message: string, data?: Data) {
    super(message)
    this.code = code
    this.data = data as Data
  }

  /** For `JSON.stringify`, which leaves out an error's message. */
  toJSON(): { readonly name: string; readonly code: number; readonly message: string; readonly data: Data } {
    const { name, code, message, data } = this
    return { name, code, message, data }
  }
}

/** What two copies of nanopeer in one program come to. @param what belongs to the other one */
export const ofAnotherCopy = (what: string): string =>
  `${what} is of another copy of @nanopeer/core. \`npm ls @nanopeer/core\` shows both: install one.`

/** Whether a handler threw it to be answered: by its name, because another copy of nanopeer or realm may have made it. */
export const isActionError = (error: unknown): error is ActionError => Object(error).name === 'ActionError'

/** Every error that nanopeer rejects with or shows, told apart by `name`. */
export type RequestError = NanopeerError | ActionError

/** What a link ends with, whatever threw it. */
export const asNanopeerError = (error: unknown): NanopeerError =>
  error instanceof NanopeerError
    ? error
    : new NanopeerError('NETWORK', 'The link could not be opened.', { cause: error })

/** What whoever asks something of a peer that is gone is told. */
export const destroyed = (): NanopeerError => new NanopeerError('DESTROYED', 'This peer was destroyed.')
