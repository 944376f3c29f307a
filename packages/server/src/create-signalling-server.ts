import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { Clients } from './clients/clients'
import { createRegister } from './clients/registration'
import { createRelay } from './clients/relay'
import { countOne, createCounts } from './counts'
import { type DrainOptions, drainClients } from './drain'
import { AddressCount } from './http/address-count'
import { socketAddress } from './http/client-address'
import { createOperationsHandler } from './http/operations'
import { createRefusals } from './http/refusals'
import { createRequestHandler } from './http/request-handler'
import { createUpgrade } from './http/upgrade'
import { createMetrics } from './metrics'
import { resolveOptions, type SignallingServerOptions } from './options'
import { expireOf, isQueued } from './protocol/messages'

/** How often silent clients and ended tokens are looked for, in ms. */
const sweepInterval = 1_000
/** How long a client has to answer that its socket is closed, in ms. The types of ws do not know the option yet. */
const closing = { closeTimeout: 2_000 }
/** How long a request may take to arrive, and how often that is looked at, in ms. */
const requestTimeouts = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 5_000 }
/** TCP connections beyond the clients: HTTP requests, and sockets that are not registered yet. */
const spareConnections = 1_024

/** A running server. */
export interface SignallingServer {
  /** The TCP port that clients use. */
  readonly port: number
  /** The TCP port of `/health`, `/ready` and `/metrics`; null where there is none. */
  readonly operationsPort: number | null
  /** Clients that are registered on this node now. */
  readonly clients: number
  /** Sends the clients to other nodes; resolves when all are gone. `/ready` says 503 from now on. */
  drain(options?: DrainOptions): Promise<void>
  /** Ends everything now. Resolves when no socket and no timer is left. */
  close(): Promise<void>
}

/**
 * Starts a signalling server for PeerJS clients, and for nanopeer's.
 *
 * Rejects where a port is taken, or the engine can never work, and with `RangeError` for an option that cannot be, such as a
 * limit that is no positive number. A Redis that is away, or refuses, is no such fault: the log and `/ready` say so.
 *
 * @example
 * const server = await createSignallingServer({ port: 9000, engine: redisEngine({ urls: ['redis://10.0.0.5'] }) })
 * process.once('SIGTERM', () => server.drain().then(() => server.close()))
 */
export const createSignallingServer = async (
  given: SignallingServerOptions = {},
): Promise<SignallingServer> => {
  const options = resolveOptions(given)
  const { engine, limits, timeouts, logger, proxies } = options
  const counts = createCounts()
  const refusals = createRefusals(limits.refusalsPerMinute)
  const addresses = new AddressCount(limits.perAddress)
  const isReady = () => !draining && engine.isReady()
  const logFault = (error: unknown) => logger.error({ error }, 'A request could not be answered')
  let draining = false

  const clients = new Clients({
    released: ({ id, generation }) => engine.release(id, generation),
    closed: ({ id }, reason) => {
      countOne(counts.closed, reason)
      logger.debug({ id, reason }, 'A client is disconnected')
    },
    dropped(message) {
      counts.dropped += 1
      if (!isQueued(message)) return
      const expired = expireOf(message)
      if (!clients.deliver(expired)) engine.route(expired)
    },
  })
  const relay = createRelay(clients, engine, counts)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    ...closing,
  })

  const server = createServer(requestTimeouts, createRequestHandler(options, logFault))
  server.maxConnections = limits.clients + spareConnections
  const isDraining = () => draining
  const onSocket = createRegister({ options, engine, clients, counts, refusals, relay, isDraining })
  server.on('upgrade', createUpgrade({ options, sockets, counts, refusals, addresses, isDraining, onSocket }))
  server.on('connection', (socket) => {
    // Behind a proxy all connections have its address; there the request says whose it is.
    if (proxies > 0 || addresses.admits(socketAddress(socket), socket)) return
    countOne(counts.refused, 'address')
    socket.destroy()
  })

  const metrics = () => createMetrics({ counts, engine, clients: () => clients.size, isReady })
  const operations = options.operations
    ? createServer(createOperationsHandler({ metrics: metrics(), isReady }, logFault))
    : null

  const settings = { expire: timeouts.expire, lease: timeouts.lease, queued: limits.queued }
  await engine.start({
    settings,
    logger,
    generationOf: (id) => clients.generationOf(id),
    deliver: (message) => clients.deliver(message),
    displace: (id, generation) => clients.displace(id, generation),
    held: () => clients.held(),
  })
  try {
    await listen(server, options.port, options.host)
    if (operations && options.operations)
      await listen(operations, options.operations.port, options.operations.host)
  } catch (error) {
    server.close()
    await engine.stop()
    throw error
  }
  const sweep = setInterval(() => clients.sweep(timeouts.alive), sweepInterval)
  const operationsPort = operations && portOf(operations)
  logger.info({ port: portOf(server), path: options.path, operationsPort }, 'The signalling server listens')

  return {
    port: portOf(server),
    operationsPort,
    get clients() {
      return clients.size
    },
    async drain({ over = 10_000 } = {}) {
      draining = true
      logger.info({ clients: clients.size, over }, 'The signalling server drains')
      await drainClients(clients, over, () => server.close())
    },
    async close() {
      draining = true
      clearInterval(sweep)
      for (const socket of sockets.clients) socket.terminate()
      await Promise.all([closed(server), operations ? closed(operations) : null])
      await engine.stop()
    },
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const listen = async (server: Server, port: number, host: string): Promise<void> => {
  server.listen(port, host)
  await once(server, 'listening')
}

/** Ends a server with all its connections. */
const closed = async (server: Server): Promise<void> => {
  const isOver = server.listening ? once(server, 'close') : Promise.resolve()
  server.close()
  server.closeAllConnections()
  await isOver
}
