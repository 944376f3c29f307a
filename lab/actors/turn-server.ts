import { endianness } from 'node:os'
import { join } from 'node:path'
import { secondServerAddress, serverAddress } from '../network/internet'
import type { Namespace } from '../network/namespaces'
import { temporaryFolder } from '../temporary'
import { until } from '../wait'

/** Two STUN servers on different addresses: what they say of us tells a cone from a symmetric NAT. */
export const stunServers: readonly RTCIceServer[] = [
  { urls: `stun:${serverAddress}:3478` },
  { urls: `stun:${secondServerAddress}:3478` },
]

export const turnUrl = `turn:${serverAddress}:3478`

/** The relay, for whoever has lasting credentials. */
export const turnServer: RTCIceServer = { urls: turnUrl, username: 'lab', credential: 'lab' }

/** Credentials that last, or a secret from which they are made for a time. */
export type TurnCredentials = 'lasting' | { readonly sharedSecret: string }

/** Starts coturn on the internet: a STUN and TURN server. Resolves when it listens on both addresses. */
export const startTurnServer = async (internet: Namespace, credentials: TurnCredentials): Promise<void> => {
  const folder = temporaryFolder()
  const access =
    credentials === 'lasting'
      ? ['--lt-cred-mech', `--user=${turnServer.username}:${turnServer.credential}`]
      : ['--use-auth-secret', `--static-auth-secret=${credentials.sharedSecret}`]
  const child = internet.spawn(
    'turnserver',
    [
      '-n',
      `--listening-ip=${serverAddress}`,
      `--listening-ip=${secondServerAddress}`,
      `--relay-ip=${serverAddress}`,
      '--realm=lab',
      ...access,
      '--no-tls',
      '--no-dtls',
      '--no-cli',
      '--no-multicast-peers',
      '--log-file=stdout',
      `--pidfile=${join(folder, 'pid')}`,
      `--userdb=${join(folder, 'database')}`,
    ],
    { stdio: 'ignore' },
  )
  await until('the TURN server listens', () => {
    if (child.exitCode !== null) throw new Error(`turnserver ended with ${child.exitCode}.`)
    const bound = internet.execute('cat', '/proc/net/udp')
    return [serverAddress, secondServerAddress].every((address) => bound.includes(asBound(address)))
  })
}

/** Port 3478 at an address, as /proc/net/udp shows it: hexadecimal, the address's bytes in this machine's order. */
const asBound = (address: string): string => {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
  return `${(endianness() === 'LE' ? bytes.reverse() : bytes).join('')}:0d96`.toUpperCase()
}
