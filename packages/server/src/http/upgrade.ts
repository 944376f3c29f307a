import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Visitor } from '../clients/visitor'
import { type Counts, countOne, type Refusal } from '../counts'
import type { ResolvedOptions } from '../options'
import { readConnectQuery } from '../protocol/connect-query'
import type { AddressCount } from './address-count'
import { clientAddress } from './client-address'
import { createRate } from './rate'
import type { Refusals } from './refusals'

export interface UpgradeContext {
  readonly options: ResolvedOptions
  readonly sockets: WebSocketServer
  readonly counts: Counts
  readonly refusals: Refusals
  readonly addresses: AddressCount
  /** Whether no new sockets are taken. */
  isDraining(): boolean
  onSocket(socket: WebSocket, visitor: Visitor): void
}

const statuses: Partial<Record<Refusal, number>> = { origin: 403, address: 429, draining: 503, rate: 503 }

/** Refuses a request before it becomes a WebSocket. */
const refuse = (socket: Duplex, status: number) => {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Length: 0',
    'Retry-After: 1',
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n`)
}

/** Decides over requests to become a WebSocket, as cheaply as can be: here the floods arrive. */
export const createUpgrade = (context: UpgradeContext) => {
  const { options, sockets, counts, refusals, addresses } = context
  const { path, origins, proxies, limits, logger } = options
  const rate = createRate(limits.registrationsPerSecond, 1)

  const refusalOf = async (
    request: IncomingMessage,
    socket: Duplex,
    address: string,
  ): Promise<Refusal | null> => {
    if (context.isDraining()) return 'draining'
    const { origin } = request.headers
    if (origins && origin && !origins.has(origin)) return 'origin'
    if (await refusals.has(address)) return 'address'
    if (proxies > 0 && !addresses.admits(address, socket)) return 'address'
    return (await rate.admits('all')) ? null : 'rate'
  }

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { url = '', headers } = request
    if (url.split('?')[0] !== `${path}peerjs`) return refuse(socket, 404)
    const address = clientAddress(request, proxies)
    const refusal = await refusalOf(request, socket, address)
    if (refusal) {
      countOne(counts.refused, refusal)
      return refuse(socket, statuses[refusal] ?? 400)
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      context.onSocket(webSocket, { ...readConnectQuery(url), origin: headers.origin, address }),
    )
  }

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const onError = (error: unknown) => {
      logger.debug({ reason: String(error) }, 'A socket failed before it was open')
      socket.destroy()
    }
    socket.on('error', onError)
    upgrade(request, socket, head).catch(onError)
  }
}
