import type { Connection } from '@nanopeer/core'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { startDevice } from '../device'
import type { Component, Harness, Mounted } from '../harness'
import { createWorld, type Network, type World } from '../world'

/** What a test of the suite works with: its own network, and components that are gone when it is over. */
export interface Stage {
  readonly world: World
  readonly network: Network
  /** See {@link Harness}. */
  readonly bodiesPerRender: number
  mount<Props, Given>(
    component: Component<Props, Given>,
    props: Props,
    copies?: number,
  ): Mounted<Props, Given>
}

/** Lays out a stage for each test of the surrounding suite, in which neither framework nor core may complain. */
export function useStage(harness: Harness, network: Network): () => Stage {
  let stage: Stage
  const mountedNow = new Set<() => void>()
  beforeEach(() => {
    for (const level of ['error', 'warn'] as const) vi.spyOn(console, level)
    stage = {
      world: createWorld(network),
      network,
      bodiesPerRender: harness.bodiesPerRender ?? 1,
      mount(component, props, copies) {
        const mounted = harness.mount(component, props, copies)
        const leave = () => {
          mountedNow.delete(leave)
          mounted.unmount()
        }
        mountedNow.add(leave)
        return { ...mounted, unmount: leave }
      },
    }
  })
  afterEach(async () => {
    for (const leave of mountedNow) leave()
    await stage.world.close()
    expect([vi.mocked(console.error).mock.calls, vi.mocked(console.warn).mock.calls]).toEqual([[], []])
    vi.restoreAllMocks()
  })
  return () => stage
}

/** Waits until something is so. */
export const eventually = async <Value>(
  read: () => Value | Promise<Value>,
  expected: Value,
): Promise<void> => {
  await expect.poll(read, { timeout: 15_000, interval: 5 }).toEqual(expected)
}

/** Waits until all that is under way, and cannot be seen, would have happened: some turns of the event loop. */
export const turns = async (count = 5): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve))
}

/** For a request that leaves with a dial, which may fail: it leaves with the next one, too. */
export const again = { retry: true } as const

/** A device, and an open peer that has begun to dial it. */
export const connect = async ({ world, mount }: Stage) => {
  const device = await startDevice(world)
  const peer = await world.peer()
  return { world, mount, device, peer, connection: peer.connect(device.id, world.dialling) }
}

/**
 * Holds a connection, and waits until it is open. A request that leaves with the dial fails with it, and a dial may
 * (docs/decisions/0016).
 *
 * @returns what lets go of it
 */
export const open = async ({ $status }: Connection): Promise<() => void> => {
  const release = $status.listen(() => {})
  await eventually(() => $status.value?.state, 'open')
  return release
}

/** The same, with a connection that is held, and open when this resolves. */
export const connected = async (stage: Stage) => {
  const all = await connect(stage)
  return { ...all, release: await open(all.connection) }
}
