import { type Connection, createRemoteStore, getPeer, type Peer, share, store } from '@nanopeer/core'
import { type MapStore, map } from 'nanostores'
import { expect, test } from 'vitest'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { eventually, type Stage, turns } from './support'

interface Settings {
  target: number
  mode: string
}

interface Props {
  readonly connection: Connection | null
}

const settings = store<Settings>('settings')

const showing = {
  setup: (hooks: Hooks, props: () => Props) =>
    hooks.useRemoteStore<Settings>(() => [props().connection, settings]),
  text: ({ status, value, isStale, error }: ReturnType<Hooks['useRemoteStore']>) => {
    const { target } = (value ?? {}) as Partial<Settings>
    return [status, target, isStale && 'stale', error && 'code' in error && error.code]
      .filter(Boolean)
      .join(' ')
  },
}

/** What `useRemoteStore` and `useShare` do. */
export function storesSuite(stage: () => Stage): void {
  const serve = (peer: Peer, target: number) => {
    const $settings = map<Settings>({ target, mode: 'eco' })
    share(peer, settings, $settings, { write: ({ next }) => next.target < 100 })
    return $settings
  }

  const connect = async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const $settings = serve(device.peer, 21)
    const laptop = await world.peer()
    const connection = laptop.connect(device.id, world.dialling)
    return { world, mount, device, $settings, laptop, connection }
  }

  test('a device’s store is shown, all who show it see its changes, and nothing is shown before it is there', async () => {
    const { mount, $settings, connection } = await connect()
    const mounted = mount(showing, { connection: null } as Props, 2)
    expect(mounted.texts()).toEqual(['idle', 'idle'])
    mounted.update({ connection })
    await eventually(mounted.texts, ['ready 21', 'ready 21'])
    $settings.setKey('target', 22)
    await eventually(mounted.texts, ['ready 22', 'ready 22'])
    expect(connection.$requests.get()).toHaveLength(1)
  })

  test('a value that somebody has looked at before it was told of is shown all the same', async () => {
    const { mount, $settings, connection } = await connect()
    const mounted = mount(showing, { connection } as Props)
    await eventually(mounted.texts, ['ready 21'])
    // What comes within a frame is told at its end; where what a hook gives is read anew each time, it is there before.
    for (const target of [22, 23]) {
      $settings.setKey('target', target)
      await expect.poll(() => mounted.given().value, { interval: 0 }).toMatchObject({ target })
    }
    await eventually(mounted.texts, ['ready 23'])
  })

  test('what is written shows at once and is set on the device; what is refused vanishes, with the error', async () => {
    const { mount, $settings, connection } = await connect()
    const mounted = mount(showing, { connection } as Props)
    await eventually(mounted.texts, ['ready 21'])
    const { set, setKey, update } = mounted.given()
    await set({ target: 1, mode: 'fast' })
    await update((now) => ({ ...now, target: now.target + 1 }))
    expect($settings.get()).toEqual({ target: 2, mode: 'fast' })
    await eventually(mounted.texts, ['ready 2'])
    // Nobody has to catch it.
    void setKey('target', 500)
    await eventually(mounted.texts, ['ready 2 REFUSED'])
    await setKey('target', 3)
    await eventually(mounted.texts, ['ready 3'])
    expect(mounted.given().set).toBe(set)
  })

  test('where a framework can assign, an assignment sets the device’s store, and one that fails is an error of the state', async () => {
    const { mount, $settings, connection } = await connect()
    let canAssign = false
    const assigning = {
      ...showing,
      setup: (hooks: Hooks, props: () => Props) => {
        canAssign = !hooks.rendersAnew
        return showing.setup(hooks, props)
      },
    }
    const mounted = mount(assigning, { connection } as Props)
    await eventually(mounted.texts, ['ready 21'])
    if (!canAssign) return
    Reflect.set(mounted.given(), 'value', { target: 4, mode: 'set' })
    await eventually(() => $settings.get(), { target: 4, mode: 'set' })
    await eventually(mounted.texts, ['ready 4'])
    Reflect.set(mounted.given(), 'value', { target: 400, mode: 'set' })
    await eventually(mounted.texts, ['ready 4 REFUSED'])
  })

  test('a device that is away leaves its state stale, and shows the newer one when it is back', async () => {
    const { mount, device, connection } = await connect()
    const mounted = mount(showing, { connection } as Props)
    await eventually(mounted.texts, ['ready 21'])
    const restarted = device.restart()
    await eventually(mounted.texts, ['ready 21 stale'])
    await restarted
    serve(device.peer, 30)
    await eventually(
      () =>
        mounted
          .texts()
          .join()
          .replace(/ UNKNOWN_ACTION/, ''),
      'ready 30',
    )
  })

  test('another connection is pending, and never shows what the one before it held', async () => {
    const { world, mount, laptop, connection } = await connect()
    const other = await startDevice(world, world.id('other'))
    const seen: string[] = []
    const mounted = mount(
      {
        ...showing,
        text: (given) => {
          const text = `${showing.text(given as never)} ${given.status}`
          seen.push(text)
          return text
        },
      } as typeof showing,
      { connection } as Props,
    )
    await eventually(mounted.texts, ['ready 21 ready'])
    seen.length = 0
    serve(other.peer, 7)
    mounted.update({ connection: laptop.connect(other.id, world.dialling) })
    await eventually(mounted.texts, ['ready 7 ready'])
    expect(
      seen.filter((text) => text !== 'ready 7 ready' && text !== 'pending pending' && !text.includes('21')),
    ).toEqual([])
    expect(seen.slice(seen.indexOf('pending pending')).some((text) => text.includes('21'))).toBe(false)
  })

  test('a component shares a store while it is mounted, and considers writes by its newest closure', async () => {
    const { world, mount } = stage()
    const peer = getPeer(world.id('tablet'), { ...world.options, accept: 'anyone' })
    const $settings: MapStore<Settings> = map({ target: 5, mode: 'eco' })
    interface Sharing {
      readonly peer: Peer | null
      readonly limit: number
    }
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => Sharing) => {
          const rendered = props()
          hooks.useShare<Settings>(() => [
            props().peer,
            settings,
            $settings,
            { write: ({ next }) => next.target < (hooks.rendersAnew ? rendered : props()).limit },
          ])
        },
        text: () => 'sharing',
      },
      { peer: null, limit: 10 } as Sharing,
    )
    mounted.update({ peer, limit: 10 })
    await eventually(() => peer.$status.value?.state, 'open')
    const asker = await world.peer()
    const { $state, setKey } = createRemoteStore(asker.connect(peer.id, world.dialling), settings)
    const leave = $state.listen(() => {})
    await eventually(() => $state.value.value?.target, 5)
    await setKey('target', 9)
    await expect(setKey('target', 50)).rejects.toMatchObject({ code: 'REFUSED' })
    mounted.update({ peer, limit: 100 })
    await turns()
    await setKey('target', 50)
    expect($settings.get().target).toBe(50)
    mounted.unmount()
    await eventually(() => $state.value.isStale, true)
    leave()
  })
}
