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

/** The token that a server's options ask for; undefined where they leave it to us. Rejects as the given function does. */
export const tokenGiven = async ({ token }: ServerOptions): Promise<string | undefined> =>
  typeof token === 'function' ? token() : token

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
