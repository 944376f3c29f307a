import { createPeer, type Peer } from '@nanopeer/core'
import { expect, test } from 'vitest'
import { list } from '../actions'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { eventually, type Stage, turns } from './support'

export interface ConnectionProps {
  readonly peer: Peer | null
  readonly id: string | null
}

export const dialling = { timeout: 10_000 }

export const connectionBadge = {
  setup: (hooks: Hooks, props: () => ConnectionProps) =>
    hooks.useConnection(() => [props().peer, props().id, dialling]),
  text: ({ status, error }: { status: string; error: { code: string } | null }) =>
    error ? `${status} ${error.code}` : status,
}

/** What `useConnection` and `useStats` do. */
export function connectionSuite(stage: () => Stage): void {
  test('a connection is connecting and then open while mounted, and closed a second after', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(connectionBadge, { peer, id: device.id })
    expect(mounted.texts()).toEqual(['connecting'])
    await eventually(mounted.texts, ['open'])
    expect(device.peer.$connections.value?.map(({ remoteId }) => remoteId)).toEqual([peer.id])
    const { connection } = mounted.given()
    mounted.unmount()
    expect(connection?.$status.value?.state).toBe('open')
    await eventually(() => ['closed', 'idle'].includes(connection?.$status.value?.state ?? ''), true)
  })

  test('a connection is listed by its peer once it is held, and not in the middle of a render', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(
      {
        setup: (hooks, props, copy) => {
          const all = hooks.useConnections(() => [props().peer])
          const nas = hooks.useConnection(() => [props().peer, copy === 1 ? props().id : null])
          return { all, nas }
        },
        text: ({ all }) => all.connections.map(({ id }) => id).join(),
      },
      { peer, id: null } as ConnectionProps,
      2,
    )
    expect(mounted.texts()).toEqual(['', ''])
    // A framework complains of a store that changes another component while it renders.
    mounted.update({ peer, id: device.id })
    await eventually(mounted.texts, [device.id, device.id])
  })

  test('a device that does not accept this page is REFUSED at once, and not dialled again', async () => {
    const { world, mount } = stage()
    const asked: string[] = []
    const device = createPeer(world.id('device'), {
      ...world.options,
      accept: ({ id }) => {
        asked.push(id)
        return false
      },
    })
    world.opened(device)
    await device.open()
    const peer = await world.peer()
    const mounted = mount(connectionBadge, { peer, id: device.id })
    await eventually(mounted.texts, ['closed REFUSED'])
    expect(mounted.given().retryAt).toBe(null)
    expect(asked).toEqual([peer.id])
  })

  test('components that name the same device share one connection', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const both = mount(connectionBadge, { peer, id: device.id }, 2)
    const third = mount(connectionBadge, { peer, id: device.id })
    await eventually(both.texts, ['open', 'open'])
    await eventually(third.texts, ['open'])
    expect(third.given().connection).toBe(both.given().connection)
    expect(device.peer.$connections.value).toHaveLength(1)
  })

  test('a connection is held by a component that reads nothing of it', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    mount({ ...connectionBadge, text: () => 'nothing' }, { peer, id: device.id })
    await eventually(() => device.peer.$connections.value?.length, 1)
    await eventually(() => device.peer.$connections.value?.[0]?.$status.value?.state, 'open')
  })

  test('no peer yet, or no id, is idle and dials nobody', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(connectionBadge, { peer: null, id: device.id } as ConnectionProps)
    expect(mounted.texts()).toEqual(['idle'])
    mounted.update({ peer, id: null })
    await turns()
    expect(mounted.texts()).toEqual(['idle'])
    expect(mounted.given().connection).toBe(null)
    expect(peer.$connections.value).toEqual([])
    mounted.update({ peer, id: device.id })
    await eventually(mounted.texts, ['open'])
  })

  test('another id is another connection', async () => {
    const { world, mount } = stage()
    const [one, other] = [await startDevice(world), await startDevice(world, world.id('other'))]
    const peer = await world.peer()
    const mounted = mount(connectionBadge, { peer, id: one.id })
    await eventually(mounted.texts, ['open'])
    mounted.update({ peer, id: other.id })
    await eventually(() => mounted.given().connection?.remoteId, other.id)
    await eventually(mounted.texts, ['open'])
  })

  test('a device that is away is an error, which a retry ends when it is back', async () => {
    const { world, mount } = stage()
    const id = world.id('device')
    const peer = await world.peer({ reconnect: { minDelay: 60_000, maxDelay: 60_000 } })
    const mounted = mount(
      { ...connectionBadge, setup: (hooks, props) => hooks.useConnection(() => [props().peer, props().id]) },
      { peer, id } as ConnectionProps,
    )
    await eventually(mounted.texts, ['closed PEER_UNAVAILABLE'])
    await eventually(() => (mounted.given().retryAt ?? 0) > Date.now(), true)
    await startDevice(world, id)
    mounted.given().reconnect()
    await eventually(mounted.texts, ['open'])
    expect(mounted.given().retryAt).toBe(null)
  })

  test('a device that comes back is found again without a click', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(connectionBadge, { peer, id: device.id })
    await eventually(mounted.texts, ['open'])
    const { connection } = mounted.given()
    await device.restart()
    await eventually(mounted.texts, ['open'])
    await eventually(() => device.peer.$connections.value?.length, 1)
    expect(mounted.given().connection).toBe(connection)
  })

  test('a peer that is destroyed has no connection that is on its way, of those that are shown and those that come', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const shown = mount(
      {
        setup: (hooks: Hooks, props: () => { away: string | null }) => ({
          nas: hooks.useConnection(() => [peer, device.id, dialling]),
          away: hooks.useConnection(() => [peer, props().away]),
          all: hooks.useConnections(() => [peer, [device.id]]),
        }),
        text: ({ nas, away, all }) =>
          [nas.status, away.status, away.error?.code, ...all.connections.map(({ status }) => status)].join(
            ' ',
          ),
      },
      { away: 'nobody' } as { away: string | null },
    )
    await eventually(shown.texts, ['open closed PEER_UNAVAILABLE open'])
    await peer.destroy()
    await eventually(shown.texts, ['closed closed  closed'])
    shown.update({ away: 'another' })
    await eventually(shown.texts, ['closed closed  closed'])
  })

  test('the connection and the functions of a hook stay the same from render to render', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(
      {
        setup: (hooks, props) => ({
          nas: hooks.useConnection(() => [props().peer, props().id]),
          files: hooks.useRequest<typeof list>(() => [null, list, { path: props().id ?? '' }]),
          rename: hooks.useAction(() => [null, list]),
        }),
        text: ({ nas }) => `${nas.connection?.remoteId}`,
      },
      { peer, id: device.id } as ConnectionProps,
    )
    const functionsOf = () => {
      const { nas, files, rename } = mounted.given()
      return [nas.reconnect, files.refetch, files.abort, rename.run, rename.abort, rename.reset]
    }
    await eventually(mounted.texts, [device.id])
    const before = functionsOf()
    const { connection } = mounted.given().nas
    mounted.update({ peer, id: 'another-device' })
    await eventually(mounted.texts, ['another-device'])
    mounted.update({ peer, id: device.id })
    await eventually(mounted.texts, [device.id])
    expect(mounted.given().nas.connection).toBe(connection)
    for (const [index, after] of functionsOf().entries()) expect(after).toBe(before[index])
  })

  test('the figures of a connection follow what travels', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(
      {
        setup: (hooks, props) => {
          const nas = hooks.useConnection(() => [props().peer, props().id])
          return { nas, stats: hooks.useStats(() => [nas.connection]) }
        },
        text: ({ stats }) => `${stats.links} ${stats.received > 0 ? 'some' : 'none'}`,
      },
      { peer, id: device.id } as ConnectionProps,
    )
    expect(mounted.texts()).toEqual(['0 none'])
    await eventually(mounted.texts, ['1 some'])
  })
}
