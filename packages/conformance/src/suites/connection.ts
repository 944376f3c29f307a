import { type Connection, createPeer, generateSecret, type Peer } from '@nanopeer/core'
import { atom, computed } from 'nanostores'
import { expect, test } from 'vitest'
import { list } from '../actions'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { eventually, type Stage, turns } from './support'

interface Props {
  readonly peer: Peer | null
  readonly id: string | null
}

const dialling = { timeout: 3000 }

const badge = {
  setup: (hooks: Hooks, props: () => Props) =>
    hooks.useConnection(() => [props().peer, props().id, dialling]),
  text: ({ status, error }: { status: string; error: { code: string } | null }) =>
    error ? `${status} ${error.code}` : status,
}

/** The same for a device with a secret. */
const locked = {
  ...badge,
  setup: (hooks: Hooks, props: () => Props & { readonly secret: string }) =>
    hooks.useConnection(() => [props().peer, props().id, { ...dialling, secret: props().secret }]),
}

/** What `useConnection`, `useStats` and `useStore` do. */
export function connectionSuite(stage: () => Stage): void {
  test('a connection is connecting and then open while mounted, and closed a second after', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(badge, { peer, id: device.id })
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
      { peer, id: null } as Props,
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
    const mounted = mount(badge, { peer, id: device.id })
    await eventually(mounted.texts, ['closed REFUSED'])
    expect(mounted.given().retryAt).toBe(null)
    expect(asked).toEqual([peer.id])
  })

  test('a wrong secret is refused, one that cannot be is shown, and the right one opens', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const mounted = mount(locked, { peer, id: device.id, secret: generateSecret() })
    await eventually(mounted.texts, ['closed REFUSED'])
    const { connection } = mounted.given()
    mounted.update({ peer, id: device.id, secret: 'typed' })
    await eventually(mounted.texts, ['closed INVALID_INPUT'])
    mounted.update({ peer, id: device.id, secret })
    await eventually(mounted.texts, ['open'])
    expect(mounted.given().connection).toBe(connection)
  })

  test('a second component with another secret is told so, and the session of the first goes on', async () => {
    const { world, mount } = stage()
    const [secret, other] = [generateSecret(), generateSecret()]
    const device = await world.peer({ secret })
    const asked = device.$connections
    const peer = await world.peer()
    const first = mount(locked, { peer, id: device.id, secret })
    await eventually(first.texts, ['open'])
    const session = asked.value?.[0]
    const second = mount(locked, { peer, id: device.id, secret: other })
    expect([second.texts(), second.given().connection]).toEqual([['connecting'], null])
    await eventually(second.texts, ['closed INVALID_INPUT'])
    expect(second.given().connection).toBe(null)
    await turns()
    expect([first.texts(), asked.value]).toEqual([['open'], [session]])
    first.unmount()
    await eventually(second.texts, ['closed REFUSED'])
    second.update({ peer, id: device.id, secret })
    await eventually(second.texts, ['open'])
  })

  test('whoever is there first may change the secret, and is not made to give way to a second that differs', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const first = mount(locked, { peer, id: device.id, secret: generateSecret() })
    const second = mount(locked, { peer, id: device.id, secret: generateSecret() })
    await eventually(first.texts, ['closed REFUSED'])
    await eventually(second.texts, ['closed INVALID_INPUT'])
    first.update({ peer, id: device.id, secret })
    await eventually(first.texts, ['open'])
    await turns()
    expect(second.texts()).toEqual(['closed INVALID_INPUT'])
    second.update({ peer, id: device.id, secret })
    await eventually(second.texts, ['open'])
    expect(second.given().connection).toBe(first.given().connection)
  })

  test('components that show one secret change it together, and none is told of another one', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const seen = new Set<string>()
    const props = { peer, id: device.id, secret: generateSecret() }
    const both = mount(
      {
        ...locked,
        text: (given: Parameters<typeof badge.text>[0] & { connection: Connection | null }) => {
          seen.add(`${given.error?.code} ${given.connection !== null}`)
          return badge.text(given)
        },
      },
      props,
      2,
    )
    await eventually(both.texts, ['closed REFUSED', 'closed REFUSED'])
    both.update({ ...props, secret })
    await eventually(both.texts, ['open', 'open'])
    expect([...seen].sort()).toEqual(['REFUSED true', 'undefined true'])
  })

  test('a component that takes the place of another has its secret at once', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const wrong = mount(locked, { peer, id: device.id, secret: generateSecret() })
    await eventually(wrong.texts, ['closed REFUSED'])
    const seen: string[] = []
    const text = (given: Parameters<typeof badge.text>[0]) => {
      seen.push(badge.text(given))
      return badge.text(given)
    }
    // Keyed anew, one comes before the other is gone, or after it: that is the framework's affair.
    const right = mount({ ...locked, text }, { peer, id: device.id, secret })
    wrong.unmount()
    await eventually(right.texts, ['open'])
    expect(seen).not.toContain('closed INVALID_INPUT')
  })

  test('a second component with another protocol or key is told so as well, in a list, too', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const first = mount(badge, { peer, id: device.id })
    const named = mount(
      {
        ...badge,
        setup: (hooks: Hooks, props: () => Props) =>
          hooks.useConnection(() => [props().peer, props().id, { ...dialling, protocol: 'nanopeer' }]),
      },
      { peer, id: device.id },
    )
    await eventually(first.texts, ['open'])
    const list = mount(
      {
        setup: (hooks: Hooks) =>
          hooks.useConnections(() => [peer, [device.id, 'typed/'], { ...dialling, protocol: 'plain' }]),
        text: ({ connections, online }) =>
          [online, ...connections.map(({ status, error }) => `${status} ${error?.code}`)].join(),
      },
      {},
    )
    await eventually(list.texts, ['0,closed INVALID_INPUT,closed INVALID_ID'])
    expect([first.texts(), named.texts()]).toEqual([['open'], ['open']])
    expect(list.given().connections[0]?.error?.message).toContain('protocol')
  })

  test('components that name the same device share one connection', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const both = mount(badge, { peer, id: device.id }, 2)
    const third = mount(badge, { peer, id: device.id })
    await eventually(both.texts, ['open', 'open'])
    await eventually(third.texts, ['open'])
    expect(third.given().connection).toBe(both.given().connection)
    expect(device.peer.$connections.value).toHaveLength(1)
  })

  test('a connection is held by a component that reads nothing of it', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    mount({ ...badge, text: () => 'nothing' }, { peer, id: device.id })
    await eventually(() => device.peer.$connections.value?.length, 1)
    await eventually(() => device.peer.$connections.value?.[0]?.$status.value?.state, 'open')
  })

  test('no peer yet, or no id, is idle and dials nobody', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const mounted = mount(badge, { peer: null, id: device.id } as Props)
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
    const mounted = mount(badge, { peer, id: one.id })
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
      { ...badge, setup: (hooks, props) => hooks.useConnection(() => [props().peer, props().id]) },
      { peer, id } as Props,
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
    const mounted = mount(badge, { peer, id: device.id })
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
      { peer, id: device.id } as Props,
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
      { peer, id: device.id } as Props,
    )
    expect(mounted.texts()).toEqual(['0 none'])
    await eventually(mounted.texts, ['1 some'])
  })

  test('a store that nobody has bound is followed as well', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const connection: Connection = peer.connect(device.id, world.dialling)
    const mounted = mount(
      {
        setup: (hooks, props) => hooks.useStore(() => [props().connection.$requests]),
        text: ({ current }) => (current ?? []).map(({ action }) => action).join(),
      },
      { connection },
    )
    device.hold()
    const asked = connection.request(list, { path: '/' })
    await eventually(mounted.texts, ['list'])
    device.release()
    await asked
    await eventually(mounted.texts, [''])
  })

  test('a computed store has its value in the first render', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const $name = computed(peer.connect(device.id, world.dialling).$status, ({ state }) => `is ${state}`)
    const first: (string | undefined)[] = []
    const mounted = mount(
      {
        setup: (hooks, props) => hooks.useStore(() => [props().$name]),
        text: ({ current }) => {
          first.push(current)
          return `${current}`
        },
      },
      { $name },
    )
    expect(first[0]).toBe('is connecting')
    await eventually(mounted.texts, ['is open'])
  })

  test('a store that is not there yet is undefined, and then followed', async () => {
    const { mount } = stage()
    const $name = atom('one')
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { readonly $name: typeof $name | null }) =>
          hooks.useStore(() => [props().$name]),
        text: ({ current }) => `${current}`,
      },
      { $name: null },
    )
    expect(mounted.texts()).toEqual(['undefined'])
    mounted.update({ $name })
    await eventually(mounted.texts, ['one'])
    $name.set('other')
    await eventually(mounted.texts, ['other'])
  })
}
