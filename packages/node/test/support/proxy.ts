import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ServerOptions } from '../../../core/src/base/transport'

/** A wire to a signalling server that a test can break. */
export interface Proxy {
  readonly server: ServerOptions
  /** Swallows what passes, both ways, and closes nothing: what a NAT that forgot a connection does. */
  stall(): void
  /** Lets new connections through again; stalled ones stay so. */
  recover(): void
  /** Closes every connection at once. */
  cut(): void
  /** Connections made so far. */
  readonly connections: number
  /** Bytes swallowed so far. */
  readonly swallowed: number
}

/** Stands between a device and a signalling server on this machine until the test ends. */
export const startProxy = async (target: { readonly port: number }): Promise<Proxy> => {
  const sockets = new Set<Socket>()
  let isStalled = false
  let connections = 0
  let swallowed = 0
  const listener = createServer((near) => {
    connections += 1
    const far = connect(target.port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      let isDead = isStalled
      from.on('data', (data) => {
        isDead ||= isStalled
        if (isDead) swallowed += data.length
        else to.write(data)
      })
      from.on('close', () => {
        sockets.delete(from)
        if (!isDead) to.destroy()
      })
      from.on('error', () => from.destroy())
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    listener.close()
  })
  return {
    server: { host: '127.0.0.1', port: (listener.address() as AddressInfo).port, secure: false },
    stall: () => {
      isStalled = true
    },
    recover: () => {
      isStalled = false
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    get connections() {
      return connections
    },
    get swallowed() {
      return swallowed
    },
  }
}
