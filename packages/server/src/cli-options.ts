import { parseArgs } from 'node:util'
import { defined } from './defined'
import { jwtAuthorize } from './jwt-authorize'
import type { SignallingServerOptions } from './options'

/** A mistake in the command line; the message says what to write instead. */
export class UsageError extends Error {}

/** What the command line asks for. */
export interface CliOptions {
  readonly server: SignallingServerOptions
  /** Shards of Redis; none for a node that is alone. */
  readonly redis: readonly string[]
  /** Ms over which clients are sent away on SIGTERM. */
  readonly drain: number
  readonly logLevel: string
}

/** What `--help` prints. */
export const usage = `Usage: nanopeer-server [options]

The flags of PeerServer:
  -p, --port N              TCP port, or PORT                              9000
  -H, --host ADDRESS        address to listen on                           ::
      --path PATH           where the protocol lives                       /
  -k, --key KEY             what clients give as key                       peerjs
  -t, --expire_timeout MS   how long a message waits for a client          5000
      --alive_timeout MS    how long a client may say nothing              90000
  -c, --concurrent_limit N  clients of this node                           50000
      --allow_discovery     lists all ids at {path}{key}/peers
      --proxied [N]         how many proxies write X-Forwarded-For         0
      --cors ORIGIN         pages that may use the server; repeatable      all

Its own:
      --redis URL           for several nodes, or REDIS_URL; repeatable: shards
      --jwks URL            admits who shows a JWT signed by one of these keys
      --issuer, --audience, --id_claim, --algorithm
                            what such a token must say
      --no-pairing          refuses the ids at which devices meet to pair
      --per_address N       sockets from one address                       1000
      --operations_port N   /health, /ready and /metrics                   9001
      --operations_host ADDRESS                                            127.0.0.1
      --drain MS            over which clients are sent away on SIGTERM    10000
      --log_level LEVEL     debug, info, warn, error or silent             info
`

const flags = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string', short: 'H' },
  path: { type: 'string' },
  key: { type: 'string', short: 'k' },
  expire_timeout: { type: 'string', short: 't' },
  alive_timeout: { type: 'string' },
  concurrent_limit: { type: 'string', short: 'c' },
  allow_discovery: { type: 'boolean' },
  proxied: { type: 'string' },
  cors: { type: 'string', multiple: true },
  sslkey: { type: 'string' },
  sslcert: { type: 'string' },
  redis: { type: 'string', multiple: true },
  jwks: { type: 'string' },
  issuer: { type: 'string' },
  audience: { type: 'string' },
  id_claim: { type: 'string' },
  algorithm: { type: 'string', multiple: true },
  'no-pairing': { type: 'boolean' },
  per_address: { type: 'string' },
  operations_port: { type: 'string' },
  operations_host: { type: 'string' },
  drain: { type: 'string' },
  log_level: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const levels = ['debug', 'info', 'warn', 'error', 'silent']

/**
 * Reads the command line; PeerServer's flags mean what they mean there.
 *
 * @returns null where help is asked for
 * @throws {UsageError}
 */
export const readCliOptions = (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CliOptions | null => {
  const values = parse(args)
  if (values.help) return null
  if (values.sslkey || values.sslcert) {
    throw new UsageError(
      "TLS is a proxy's work, such as haproxy's or Caddy's; --sslkey and --sslcert are not taken.",
    )
  }
  const logLevel = values.log_level ?? 'info'
  if (!levels.includes(logLevel)) throw new UsageError(`--log_level is one of ${levels.join(', ')}.`)
  const { jwks, issuer, audience, id_claim: idClaim, algorithm: algorithms } = values
  if (!jwks && (issuer || audience || idClaim || algorithms)) throw new UsageError('--jwks is missing.')

  return {
    logLevel,
    redis: values.redis ?? (environment.REDIS_URL ? [environment.REDIS_URL] : []),
    drain: numberOf(values, 'drain') ?? 10_000,
    server: defined({
      port: numberOf(values, 'port') ?? numberOf(environment, 'PORT'),
      host: values.host,
      path: values.path ?? environment.PEERSERVER_PATH,
      key: values.key,
      authorize: jwks
        ? jwtAuthorize({ jwks, ...defined({ issuer, audience, idClaim, algorithms }) })
        : undefined,
      pairing: !values['no-pairing'],
      limits: defined({
        clients: numberOf(values, 'concurrent_limit'),
        perAddress: numberOf(values, 'per_address'),
      }),
      timeouts: defined({
        expire: numberOf(values, 'expire_timeout'),
        alive: numberOf(values, 'alive_timeout'),
      }),
      origins: values.cors,
      trustProxy: proxiesOf(values.proxied),
      discovery: values.allow_discovery,
      operations: {
        port: numberOf(values, 'operations_port') ?? 9001,
        host: values.operations_host ?? '127.0.0.1',
      },
    }),
  }
}

const parse = (args: readonly string[]) => {
  // PeerServer's parser takes dashes for underscores, and a --proxied without a value.
  const spelled = args.map((argument, index) => {
    const [, name = '', rest = ''] = /^--([^=]+)(.*)$/.exec(argument) ?? []
    if (name === '' || name === 'no-pairing') return argument
    const isBare = name === 'proxied' && rest === '' && !/^(\d+|true|false)$/.test(args[index + 1] ?? '')
    return `--${name.replaceAll('-', '_')}${isBare ? '=true' : rest}`
  })
  try {
    return parseArgs({ args: spelled, options: flags }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

const numberOf = <Name extends string>(values: { readonly [Key in Name]?: string }, name: Name) => {
  const value = values[name]
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value)
  throw new UsageError(`${name} is a whole number, not "${value}".`)
}

const proxiesOf = (value: string | undefined): number =>
  value === undefined || value === 'false'
    ? 0
    : value === 'true'
      ? 1
      : (numberOf({ proxied: value }, 'proxied') ?? 0)
