import type { Authorize } from './authorize'
import { defined } from './defined'
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

/** Some of the values; one that is undefined is not given. */
type Given<Values> = { readonly [Name in keyof Values]?: Values[Name] | undefined }

/** Options of {@link createSignallingServer}. */
export interface SignallingServerOptions {
  /** TCP port; 0 for a free one. @default 9000 */
  readonly port?: number | undefined
  /** Address to listen on. @default '::' all of them */
  readonly host?: string | undefined
  /** Where the protocol lives, as in PeerJS's option of the same name. @default '/' */
  readonly path?: string | undefined
  /** What clients give as `key`: no secret, but not everybody's either. @default 'peerjs' */
  readonly key?: string | undefined
  /** Who holds which id. @default memoryEngine() for one node; redisEngine() for several */
  readonly engine?: Engine | undefined
  /** Who may register which id. @default everybody, with any token */
  readonly authorize?: Authorize | undefined
  /**
   * Whether the ids that begin with {@link pairingPrefix} can be registered, for two minutes each; see also
   * {@link ServerLimits.pairingsPerMinute}. @default true
   */
  readonly pairing?: boolean | undefined
  /** See {@link ServerLimits}. */
  readonly limits?: Given<ServerLimits> | undefined
  /** See {@link ServerTimeouts}. */
  readonly timeouts?: Given<ServerTimeouts> | undefined
  /** Origins of pages that may use the server, such as `https://app.example`. `*` is all. Programs are not bound by it. @default all */
  readonly origins?: readonly string[] | undefined
  /**
   * Proxies in front of the server that write `X-Forwarded-For`: the address is the entry that the outermost of them has
   * written. True is 1. @default false
   */
  readonly trustProxy?: boolean | number | undefined
  /** Whether `GET {path}{key}/peers` lists all ids. @default false */
  readonly discovery?: boolean | undefined
  /** Where `/health`, `/ready` and `/metrics` are served, for machines and not for users. @default nowhere */
  readonly operations?: { readonly port: number; readonly host?: string | undefined } | undefined
  /** @default says nothing */
  readonly logger?: Logger | undefined
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
 * Fills in what the options leave out. Throws `RangeError` for a limit or a time that is no positive number, a `trustProxy` that
 * is no count, and an origin that no page can have.
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
    limits: positive(withDefaults(defaultLimits, options.limits)),
    timeouts: positive(withDefaults(defaultTimeouts, options.timeouts)),
    origins: origins ? originsOf(origins) : null,
    proxies: proxiesOf(trustProxy),
    discovery: options.discovery ?? false,
    operations: operations ? { port: operations.port, host: operations.host ?? '127.0.0.1' } : null,
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

const withDefaults = <Values extends object>(defaults: Values, given: Given<Values> = {}): Values => ({
  ...defaults,
  ...defined(given),
})

/** What an `Origin` header can say. Source: https://www.rfc-editor.org/rfc/rfc6454#section-6.2 */
const origin = /^(null|file:\/\/|[a-z][a-z\d+.-]*:\/\/[^/?#\sA-Z]+)$/

/** Null for all. Whoever is left out by a slash too many would not be told by whom. */
const originsOf = (origins: readonly string[]): ReadonlySet<string> | null => {
  if (origins.includes('*')) return null
  const wrong = origins.find((given) => !origin.test(given))
  if (wrong === undefined) return new Set(origins)
  throw new RangeError(`origins must be such as https://app.example, without a path, not ${String(wrong)}.`)
}

const positive = <Values extends { readonly [Name in keyof Values]: number }>(values: Values): Values => {
  for (const [name, value] of Object.entries<number>(values)) {
    if (!(value > 0)) throw new RangeError(`${name} must be a number above 0, not ${value}.`)
  }
  return values
}
