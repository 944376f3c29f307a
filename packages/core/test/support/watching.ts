import { inject, onTestFinished } from 'vitest'
import type { Link, Transport } from '../../src/base/transport'
import { type Connection, createPeer, type Peer, type PeerOptions } from '../../src/index'
import { DrawnCamera, Screen } from './pictures'
import { realTransport } from './real-transport'

let count = 0

/** The real transport, the links that were made through it, and what holds further ones up. */
const watchedTransport = () => {
  const links: Link[] = []
  let held = Promise.resolve()
  const holdDials = () => {
    let letGo = () => {}
    held = new Promise((resolve) => {
      letGo = resolve
    })
    return letGo
  }
  const transport: Transport = {
    ...realTransport,
    join(id, options, events) {
      const noted = (link: Link) => {
        links.push(link)
        return link
      }
      const signalling = realTransport.join(id, options, {
        ...events,
        link: (link, standing) => events.link(noted(link), standing),
      })
      return {
        ...signalling,
        dial: async (...given) => {
          await held
          return noted(await signalling.dial(...given))
        },
      }
    },
  }
  return { transport, links, holdDials }
}

/** A peer on this page, and its links, oldest first. */
export interface Watching {
  readonly peer: Peer
  readonly links: readonly Link[]
  /** Dials from here wait until the returned function is called. */
  holdDials(): () => void
}

const open = async (name: string): Promise<Watching> => {
  const { transport, links, holdDials } = watchedTransport()
  const options: PeerOptions = {
    transport,
    server: { ...inject('signallingServer'), secure: false },
    iceServers: [],
    accept: 'anyone',
    reconnect: { minDelay: 50, maxDelay: 200 },
    onError: (error) => console.error(error),
  }
  const peer = createPeer(`${name}-${Date.now()}-${++count}`, options)
  onTestFinished(() => peer.destroy())
  await peer.open()
  return { peer, links, holdDials }
}

/** Two peers on this page, over real WebRTC, and the asker's connection to the device. */
export const meet = async (): Promise<{ device: Watching; asker: Watching; connection: Connection }> => {
  const device = await open('device')
  const asker = await open('asker')
  return { device, asker, connection: asker.peer.connect(device.peer.id) }
}

/** A drawn camera for the length of the test. */
export const camera = (number: number): DrawnCamera => {
  const drawn = new DrawnCamera(number)
  onTestFinished(() => drawn.stop())
  return drawn
}

/** A video element for the length of the test. */
export const screen = (stream: MediaStream): Screen => {
  const shown = new Screen(stream)
  onTestFinished(() => shown.remove())
  return shown
}

/** What the newest link is made of. */
export const connectionOf = ({ links }: Watching): RTCPeerConnection =>
  links.at(-1)?.trackConnection as RTCPeerConnection
