import type { Connection } from '@nanopeer/core'
import { atom, computed, onMount, type WritableAtom } from 'nanostores'
import { expect, test } from 'vitest'
import { list } from '../actions'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { eventually, open, type Stage } from './support'

const followed = {
  setup: (hooks: Hooks, props: () => { readonly $store: WritableAtom<string> | null }) =>
    hooks.useStore(() => [props().$store]),
  text: ({ current }: { readonly current: string | undefined }) => `${current}`,
}

/** What `useStore` does. */
export function storeSuite(stage: () => Stage): void {
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
    await open(connection)
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
    const $store = atom('one')
    const mounted = mount(followed, { $store: null })
    expect(mounted.texts()).toEqual(['undefined'])
    mounted.update({ $store })
    await eventually(mounted.texts, ['one'])
    $store.set('other')
    await eventually(mounted.texts, ['other'])
  })

  test('a store that takes the place of another one shows what it loads once it is held', async () => {
    const { mount } = stage()
    const createLazy = (name: string) => {
      const $store = atom(`${name} is to load`)
      onMount($store, () => $store.set(`${name} is loaded`))
      return { name, $store }
    }
    const mounted = mount(
      {
        // What shows the name runs before what listens to the store.
        setup: (hooks, props) => ({ name: () => props().name, shown: followed.setup(hooks, props) }),
        text: ({ name, shown }) => `${name()}: ${shown.current}`,
      },
      createLazy('one'),
    )
    await eventually(mounted.texts, ['one: one is loaded'])
    mounted.update(createLazy('other'))
    await eventually(mounted.texts, ['other: other is loaded'])
  })
}
