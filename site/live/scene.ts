import { generateSecret, type NanopeerEvent, type Peer, type PeerOptions } from '@nanopeer/core'
import { type ConnectionEntry, createConnectionsViews, currentValue } from '@nanopeer/core/adapter'
import { createTestNetwork } from '@nanopeer/core/testing'
import { type Framework, loadComponent } from './components'
import type { Example } from './directive'

export type { Example, Framework }

const devices = import.meta.glob<{ createDevice: (options: PeerOptions) => Peer }>(
  '../.cache/live/source/**/device.ts',
)

/** A device and some pages on a network in memory, with a cable to each page. */
export interface Scene {
  readonly device: Peer
  /** Hears who is at the device, now and whenever that changes, without keeping anybody there. Returns its undo. */
  watch(hear: (connections: readonly ConnectionEntry[]) => void): () => void
  /** Takes the cable out between a page and the device, or puts it back. */
  pull(id: string): void
  plug(id: string): void
  /** Shows the page's component in an element. Returns its undo. */
  mount(framework: Framework, id: string, element: HTMLElement): Promise<() => void>
  /** Ends it; the pages have to be unmounted before. */
  destroy(): Promise<void>
}

/** What a frame is told of the device: what happens on the network, and what its console would say. */
export interface Telling {
  readonly onEvent: (event: NanopeerEvent) => void
  readonly onError: (error: unknown) => void
}

/**
 * Sets up an example: one network, its device, and what its pages need to be on it.
 *
 * @param page the document, as in `recipes/download`
 */
export async function createScene(page: string, example: Example, telling: Telling): Promise<Scene> {
  const load = devices[`../.cache/live/source/${page}/device.ts`]
  if (!load) throw new Error(`There is no device for ${page}.`)
  const { createDevice } = await load()
  const network = createTestNetwork({ delay: example.delay, rate: example.rate })
  const { transport } = network
  const secret = generateSecret()
  const device = createDevice({ transport, secret, ...telling })
  await device.open()
  const optionsOf = (id: string): PeerOptions => ({
    transport,
    secret: id === 'stranger' ? generateSecret() : secret,
  })
  return {
    device,
    watch(hear) {
      const $here = createConnectionsViews().view(device)
      const tell = () => hear(currentValue($here).connections)
      tell()
      return $here.listen(tell)
    },
    pull: (id) => void network.cut(id, device.id),
    plug: (id) => network.heal(id, device.id),
    async mount(framework, id, element) {
      const mount = await loadComponent(page, example.name, framework)
      return mount(element, { id, options: optionsOf(id) })
    },
    destroy: () => device.destroy(),
  }
}
