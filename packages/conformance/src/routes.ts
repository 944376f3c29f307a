import { action, createPeer, getPeer, type NanopeerEvent, type Peer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { expect, vi } from 'vitest'

/** What the pages of a router ask a device. */
export const list = action<{ path: string }, string>('list')

/** Two devices, `a` and `b`, for pages that a router takes from one to the other; time is the test's. */
export interface RoutedWorld {
  /** What the laptop is named with. */
  readonly options: PeerOptions
  readonly laptop: Peer
  /** What the laptop has dialled, and what the devices were asked, in this order. */
  readonly did: readonly string[]
  /** What the page said, whenever it said something else. */
  readonly said: string[]
  /** Notes what is on a page, until the world is closed. */
  watch(container: Element): void
  /** Called when the world is closed, the last one first. */
  leave(undo: () => unknown): void
  close(): Promise<void>
}

/** A world with fake timers. */
export async function createRoutedWorld(): Promise<RoutedWorld> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const undo: (() => unknown)[] = [() => vi.useRealTimers()]
  const { transport } = createTestNetwork()
  const did: string[] = []
  const said: string[] = []
  const onEvent = ({ type, remoteId }: NanopeerEvent) => {
    if (type === 'dial-started') did.push(`dial ${remoteId}`)
  }
  for (const id of ['a', 'b']) {
    const device = createPeer(id, { transport, accept: 'anyone' })
    undo.push(() => passed(device.destroy()))
    device.handle(list, ({ path }) => {
      did.push(`ask ${id}`)
      return `${path} of ${id}`
    })
    await passed(device.open())
  }
  const options = { transport, onEvent }
  const world: RoutedWorld = {
    options,
    get laptop() {
      return getPeer('laptop', options)
    },
    did,
    said,
    watch(container) {
      const observer = new MutationObserver(() => said.push(container.textContent ?? ''))
      observer.observe(container, { subtree: true, childList: true, characterData: true })
      undo.push(() => observer.disconnect())
    },
    leave: (last) => undo.push(last),
    async close() {
      for (const last of undo.reverse()) await last()
    },
  }
  undo.push(() => passed(world.laptop.destroy()))
  return world
}

const patience = { timeout: 10_000, interval: 10 }

/** Time passes until the page says this. */
export const comesToSay = (page: { readonly text: () => string | null }, text: string): Promise<void> =>
  vi.waitFor(() => expect(page.text()).toBe(text), patience)

/** Time passes for what waits for the network. */
export async function passed(waiting: Promise<unknown>): Promise<void> {
  let isOver = false
  const end = () => {
    isOver = true
  }
  waiting.then(end, end)
  await vi.waitFor(() => expect(isOver).toBe(true), patience)
}

/** Connections go 1 s after their last holder, and the peer 1 s after those. */
export async function expectNothingHeld({ laptop }: RoutedWorld): Promise<void> {
  await vi.advanceTimersByTimeAsync(3000)
  expect([laptop.$status.value?.state, laptop.$connections.value]).toEqual(['idle', []])
}

/** Whatever was on the page was of one device, and neither idle nor over. */
export function expectNoFlash({ said }: RoutedWorld): void {
  const right = /^(home|)$|^(\w): (connecting, undefined|open, undefined|open, \/ of \2)$/
  expect(said.filter((text) => !right.test(text))).toEqual([])
}
