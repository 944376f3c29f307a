import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import { inTime } from '../../base/in-time'
import type { ServerOptions } from '../../base/transport'

/** A PeerServer's address with nothing left to PeerJS's guesses. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly path: string
  /** Always explicit: left out, PeerJS reads `location`, which Node does not have. */
  readonly secure: boolean
  readonly key: string
}

/** How long the function may take, ms: less than an attempt to register, which would blame the server. */
const tokenTimeout = 8000

/**
 * The token that a server's options ask for; undefined where they leave it to us.
 *
 * @throws `NanopeerError` `NETWORK` when the function fails, `TIMEOUT` when it does not answer, `INVALID_INPUT` when it
 *   answers something else than a string.
 */
export const tokenGiven = async ({ token }: ServerOptions, clock: Clock): Promise<string | undefined> => {
  if (typeof token !== 'function') return token
  const ask = async (): Promise<unknown> => {
    try {
      return await token()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new NanopeerError('NETWORK', `The token function failed: ${reason}`, { cause: error })
    }
  }
  const given = await inTime('The token function', ask, clock, tokenTimeout)
  // What is wrong may hold a credential.
  if (typeof given === 'string') return given
  throw new NanopeerError('INVALID_INPUT', `\`server.token()\` must answer a string, not ${typeof given}.`)
}

/** PeerJS's public cloud. */
export const defaultServer: ServerOptions = { host: '0.peerjs.com', port: 443, secure: true }

const isLoopback = (host: string) =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)

/** Fills in what the options leave out. */
export const serverAddress = (options: ServerOptions): ServerAddress => {
  // PeerJS pastes the host into a URL, where an IPv6 address needs its brackets.
  const host =
    options.host.includes(':') && !options.host.startsWith('[') ? `[${options.host}]` : options.host
  const secure = options.secure ?? !isLoopback(host)
  return {
    host,
    secure,
    port: options.port ?? (secure ? 443 : 9000),
    path: options.path ?? '/',
    key: options.key ?? 'peerjs',
  }
}

/** How a message names a server. */
export const serverName = ({ host, port, path, secure }: ServerAddress): string =>
  `${secure ? 'https' : 'http'}://${host}:${port}${path}`
