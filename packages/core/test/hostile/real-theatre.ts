import { inject } from 'vitest'
import { systemClock } from '../../src/base/clock'
import type { Link, Transport } from '../../src/base/transport'
import { watchOpenConnections } from '../support/open-connections'
import { realTransport } from '../support/real-transport'
import type { Theatre } from './stage'

/** Open connections alone: a closed one that is held on to counts against Chromium's limit of 500. */
const connections = watchOpenConnections()

/** PeerJS's transport, with a switch that ends the links between two ids. */
const createBreakable = (): { transport: Transport; cut(a: string, b: string): void } => {
  const links: { ids: readonly string[]; link: Link }[] = []
  const real = realTransport
  const join: Transport['join'] = (id, options, events) => {
    const signalling = real.join(id, options, events)
    return {
      ...signalling,
      async dial(remoteId, dialOptions) {
        const link = await signalling.dial(remoteId, dialOptions)
        links.push({ ids: [id, remoteId], link })
        if (links.length > 20) links.shift()
        return link
      },
    }
  }
  const cut = (a: string, b: string) => {
    for (const { ids, link } of links) if (ids.includes(a) && ids.includes(b)) void link.close(0)
  }
  return { transport: { ...real, join }, cut }
}

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Three devices in this page, over real WebRTC and a real signalling server. */
export const createTheatre = (): Theatre => {
  const suffix = crypto.randomUUID().slice(0, 8)
  return {
    ...createBreakable(),
    signalling: { server: { ...inject('signallingServer'), secure: false }, iceServers: [] },
    clock: systemClock,
    pass,
    async until(condition, what) {
      for (const end = Date.now() + 30_000; !condition(); await pass(5)) {
        if (Date.now() > end) throw new Error(`Waited for ${what}.`)
      }
    },
    id: (name) => `${name}-${suffix}`,
    dials: 200,
    channels: () => connections.size,
  }
}
