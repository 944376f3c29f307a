import type { Authorize } from './authorize'
import type { Engine } from './engine'
import { memoryEngine } from './engines/memory-engine'
import { type Logger, silent } from './logger'
import { printableLog } from './printable-log'

/** What one node takes upon itself. More is refused, made to wait or dropped; nothing of it ends the process. */
export interface ServerLimits {
  /** Registered clients. @default 50_000 */
  readonly clients: number
  /**
   * Sockets from one address; of IPv6 a /64 counts as one. Behind a proxy without `trustProxy` all have the same.
   * @default 1_000
   */
  readonly perAddress: number
  /** Size of one frame in bytes. @default 131_072 */
  readonly messageBytes: number
  /** Messages of one client, in the long run; ten times as many in a burst. @default 200 */
  readonly messagesPerSecond: number
  /** Messages that wait for one destination that is not there; of one source a quarter of what is free then. @default 256 */
  readonly queued: number
  /** Sockets that this node accepts. Clients that come back all at once spread out over it. @default 2_000 */
  readonly registrationsPerSecond: number
  /**
   * Refused registrations of one address, before it is not listened to for a minute: ids can be guessed. Of IPv6 a /64 counts as one.
   * @default 120
   */
  readonly refusalsPerMinute: number
  /** Ids of one address, of IPv6 of a /64, at which devices meet to pair. @default 30 */
  readonly pairingsPerMinute: number
}

/** Times in ms. */
export interface ServerTimeouts {
  /** How long a message waits for a destination that is not there. @default 5_000 */
  readonly expire: number
  /** How long a client may say nothing, or read nothing of what waits for it. PeerJS says something every 5 s. @default 90_000 */
  readonly alive: number
  /** How long a node that gave no sign keeps its ids, with several nodes. @default 6_000 */
  readonly lease: number
}

/** Options of {@link createSignallingServer}. */
export interface SignallingServerOptions {
  /** TCP port; 0 for a free one. @default 9000 */
  readonly port?: number
  /** Address to listen on. @default '::' all of them */
  readonly host?: string
  /** Where the protocol lives, as in PeerJS's option of the same name. @default '/' */
  readonly path?: string
  /** What clients give as `key`: no secret, but not everybody's either. @default 'peerjs' */
  readonly key?: string
  /** Who holds which id. @default memoryEngine() for one node; redisEngine() for several */
  readonly engine?: Engine
  /** Who may register which id. @default everybody, with any token */
  readonly authorize?: Authorize
  /**
   * Whether the ids that begin with {@link pairingPrefix} can be registered, for two minutes each; see also
   * {@link ServerLimits.pairingsPerMinute}. @default true
   */
  readonly pairing?: boolean
  /** See {@link ServerLimits}. */
  readonly limits?: Partial<ServerLimits>
  /** See {@link ServerTimeouts}. */
  readonly timeouts?: Partial<ServerTimeouts>
  /** Origins of pages that may use the server, such as `https://app.example`. Programs are not bound by it. @default all */
  readonly origins?: readonly string[]
  /**
   * Proxies in front of the server that write `X-Forwarded-For`: the address is the entry that the outermost of them has
   * written. True is 1. @default false
   */
  readonly trustProxy?: boolean | number
  /** Whether `GET {path}{key}/peers` lists all ids. @default false */
  readonly discovery?: boolean
  /** Where `/health`, `/ready` and `/metrics` are served, for machines and not for users. @default nowhere */
  readonly operations?: { readonly port: number; readonly host?: string }
  /** @default says nothing */
  readonly logger?: Logger
}

/** Every option with its value. */
export interface ResolvedOptions {
  readonly port: number
  readonly host: string
  /** With a slash at both ends. */
  readonly path: string
  readonly key: string
  readonly engine: Engine
  readonly authorize: Authorize
  readonly pairing: boolean
  readonly limits: ServerLimits
  readonly timeouts: ServerTimeouts
  readonly origins: ReadonlySet<string> | null
  /** Proxies in front. */
  readonly proxies: number
  readonly discovery: boolean
  readonly operations: { readonly port: number; readonly host: string } | null
  readonly logger: Logger
}

const defaultLimits: ServerLimits = {
  clients: 50_000,
  perAddress: 1_000,
  messageBytes: 128 * 1024,
  messagesPerSecond: 200,
  queued: 256,
  registrationsPerSecond: 2_000,
  refusalsPerMinute: 120,
  pairingsPerMinute: 30,
}

const defaultTimeouts: ServerTimeouts = { expire: 5_000, alive: 90_000, lease: 6_000 }

/**
 * Fills in what the options leave out. Throws `RangeError` for a limit or a time that is no positive number, and a `trustProxy` that
 * is no count.
 */
export const resolveOptions = (options: SignallingServerOptions): ResolvedOptions => {
  const { trustProxy = false, operations, origins } = options
  return {
    port: options.port ?? 9000,
    host: options.host ?? '::',
    path: `/${options.path ?? ''}/`.replace(/\/+/g, '/'),
    key: options.key ?? 'peerjs',
    engine: options.engine ?? memoryEngine(),
    authorize: options.authorize ?? (() => true),
    pairing: options.pairing ?? true,
    limits: positive({ ...defaultLimits, ...options.limits }),
    timeouts: positive({ ...defaultTimeouts, ...options.timeouts }),
    origins: origins ? new Set(origins) : null,
    proxies: proxiesOf(trustProxy),
    discovery: options.discovery ?? false,
    operations: operations ? { host: '127.0.0.1', ...operations } : null,
    logger: options.logger ? printableLog(options.logger) : silent,
  }
}

/** Anything but a count would have the address read where the client itself has written it. */
const proxiesOf = (trustProxy: boolean | number): number => {
  const proxies = typeof trustProxy === 'boolean' ? Number(trustProxy) : trustProxy
  if (Number.isInteger(proxies) && proxies >= 0) return proxies
  throw new RangeError(
    `trustProxy must be a boolean or how many proxies there are, not ${String(trustProxy)}.`,
  )
}

const positive = <Values extends { readonly [Name in keyof Values]: number }>(values: Values): Values => {
  for (const [name, value] of Object.entries<number>(values)) {
    if (!(value > 0)) throw new RangeError(`${name} must be a number above 0, not ${value}.`)
  }
  return values
}
