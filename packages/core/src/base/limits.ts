import { type ErrorCode, NanopeerError } from './errors'

/**
 * What remotes can make this peer hold. Past a limit the sender is told (`TOO_LARGE`, `OVERLOADED`), or its link is
 * closed with `PROTOCOL`; everybody else goes on being served. Each is a number above 0.
 */
export interface Limits {
  /**
   * Largest single value (request, answer, event or message), bytes. Past it: `TOO_LARGE`. A value is in memory whole,
   * at both ends; what is larger belongs into a stream.
   * @default 16 MiB
   */
  readonly messageSize: number
  /**
   * Streams open at once per connection; told and kept like `pendingRequests`. Each has a window of 256 KiB that its sender may fill,
   * so that this many are 256 MiB: no page has so many under way, and no page should have to hold more.
   * @default 1024
   */
  readonly openStreams: number
  /**
   * Requests of one remote whose handlers still run. The remote is told of it, and has more of them wait; past it all the
   * same: `OVERLOADED`. A quarter of `runningHandlers`, so that no
   * single remote takes them all.
   * @default 1024
   */
  readonly pendingRequests: number
  /**
   * Handlers running at once for all remotes together; those who have proved who they are have as many for themselves. Past it:
   * `OVERLOADED`, but for a remote that runs fewer than its even share of half as many. What each one holds is the app's matter;
   * a hundred remotes with forty requests each stay below.
   * @default 4096
   */
  readonly runningHandlers: number
  /**
   * Sent and not yet acknowledged, bytes per connection. Past it we wait. It is what a lost link may have swallowed;
   * twice what a path of 100 ms carries at 40 MB/s.
   * @default 8 MiB
   */
  readonly unacknowledged: number
  /** Largest window of one stream, bytes: 100 ms at 40 MB/s. A sender that ignores it: `PROTOCOL`. @default 4 MiB */
  readonly streamWindow: number
  /**
   * Sessions of remotes kept at once, live and lost. Past it newcomers are `OVERLOADED`. A browser has no more than some
   * 500 connections at once; as many again may be away.
   * @default 1024
   */
  readonly sessions: number
  /**
   * Links that have not finished their handshake. Past it the oldest one that waits for its remote makes room, because
   * an honest handshake takes a second; and strangers, all together, may begin so many in 10 s. As many connections may be
   * half open before that. A device that many reach sets it to how many may come back at once, when it was restarted.
   * @default 64
   */
  readonly handshakes: number
  /**
   * Handshakes of one remote at once. Past it: `OVERLOADED`. An honest one needs one, and another after a loss.
   * @default 4
   */
  readonly linksPerRemote: number
  /**
   * New links of one remote per minute. Past it: `OVERLOADED`, and past twice as many they are ignored. A link that is
   * lost every second is as good as none, and each dial costs us a new `RTCPeerConnection`.
   * @default 60
   */
  readonly dialsPerMinute: number
}

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

const MiB = 1024 * 1024

const defaultLimits: Limits = {
  messageSize: 16 * MiB,
  openStreams: 1024,
  pendingRequests: 1024,
  runningHandlers: 4096,
  unacknowledged: 8 * MiB,
  streamWindow: 4 * MiB,
  sessions: 1024,
  handshakes: 64,
  linksPerRemote: 4,
  dialsPerMinute: 60,
}

/**
 * The limits of a peer: the defaults, and what was given instead.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for what is no positive number: a limit that compares with nothing is none.
 */
export const resolveLimits = (given: Partial<Limits> = {}): Limits => {
  const limits: { -readonly [Name in keyof Limits]: number } = { ...defaultLimits }
  for (const name of Object.keys(defaultLimits) as (keyof Limits)[]) {
    const value: unknown = given[name] ?? limits[name]
    if (typeof value !== 'number' || !(value > 0)) {
      throw new NanopeerError('INVALID_INPUT', `limits.${name} must be a number above 0.`)
    }
    limits[name] = value
  }
  return limits
}
