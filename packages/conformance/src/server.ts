import { createPeer, type Peer, type PeerOptions, type Transport } from '@nanopeer/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Component } from './harness'
import { page, pairingPage } from './page'
import { eventually, turns } from './suites/support'

/** How one framework renders a component on a server. */
export interface ServerHarness {
  readonly name: string
  /** What it renders {@link page} to, in its own kind of markup, for a browser to hydrate. */
  readonly markup: string
  render<Props, Given>(component: Component<Props, Given>, props: Props): Promise<string>
}

/** How one framework takes over, in a browser, what it has rendered on a server. */
export interface HydrationHarness {
  readonly name: string
  readonly markup: string
  hydrate<Props, Given>(component: Component<Props, Given>, props: Props, container: Element): () => void
}

/** A transport that tells whether anything was opened, though it could be. */
const watchedTransport = () => {
  const joined: string[] = []
  const transport: Transport = {
    isSupported: () => true,
    join(id) {
      joined.push(id)
      throw new Error('A server render must not join a network.')
    },
  }
  return { joined, transport }
}

const silence = () => {
  beforeEach(() => {
    for (const level of ['error', 'warn', 'log', 'info'] as const) vi.spyOn(console, level)
  })
  afterEach(() => {
    for (const level of ['error', 'warn', 'log', 'info'] as const) {
      expect(vi.mocked(console[level]).mock.calls).toEqual([])
    }
    vi.restoreAllMocks()
  })
}

const textOf = (markup: string): string => markup.replace(/<!--.*?-->|<[^>]*>/g, '')
const accept = 'anyone'

/** What every adapter does on a server. */
export function serverConformance({ name, markup, render }: ServerHarness): void {
  describe(`${name} on a server`, () => {
    silence()

    test('says that everything is on its way, in the markup that a browser hydrates', async () => {
      expect(await render(page, { id: 'laptop', options: { accept } })).toBe(markup)
      expect(textOf(markup)).toBe('connecting connecting 0 pending idle pending pending')
    })

    test('says that a page without an id is idle', async () => {
      const html = await render(page, { id: null, options: { accept } as PeerOptions })
      expect(textOf(html)).toBe('idle idle 0 idle idle idle idle')
    })

    test('opens nothing, even where a network is at hand', async () => {
      const { joined, transport } = watchedTransport()
      const peers: (Peer | null)[] = []
      const watched = {
        ...page,
        setup(...given: Parameters<typeof page.setup>) {
          const result = page.setup(...given)
          peers.push(result.laptop.peer)
          return result
        },
      }
      const html = await render(watched, { id: 'laptop', options: { accept, transport } })
      expect(html).toBe(markup)
      await turns()
      // The network is joined once the engine is there, which takes a while; that it is wanted shows at once.
      expect(peers.map((peer) => peer?.$status.value?.state)).toEqual(['idle'])
      expect(joined).toEqual([])
    })

    test('makes no id that is made at mount', async () => {
      const made: string[] = []
      const makeId = () => `laptop-${made.push('made')}`
      const html = await render(
        {
          setup: (hooks) => hooks.usePeer(() => [makeId]),
          text: ({ status, peer }) => `${status} ${peer?.id}`,
        },
        {},
      )
      expect(textOf(html)).toBe('connecting undefined')
      expect(made).toEqual([])
    })

    test('shows no code and takes none', async () => {
      const { joined, transport } = watchedTransport()
      const html = await render(pairingPage, { options: { accept, transport } })
      await turns()
      expect(textOf(html)).toBe('idle null idle')
      expect(joined).toEqual([])
    })
  })
}

/** What every adapter does with what it rendered on a server. */
export function hydrationConformance(
  { name, markup, hydrate }: HydrationHarness,
  options: PeerOptions,
): void {
  describe(`${name} after a server`, () => {
    silence()

    test('takes over what the server said without a mismatch, though the peer is open by then', async () => {
      const peer = createPeer('laptop', { ...options, accept })
      await peer.open()
      const container = document.body.appendChild(document.createElement('div'))
      container.innerHTML = markup
      const element = container.querySelector('output')
      const unmount = hydrate(page, { id: 'laptop', options: { ...options, accept } }, container)
      await eventually(() => container.textContent?.split(' ')[0], 'open')
      expect(container.querySelector('output')).toBe(element)
      unmount()
      container.remove()
      await peer.destroy()
    })
  })
}
