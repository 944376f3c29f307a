import { generateSecret, getPeer } from '@nanopeer/core'
import { expect, test } from 'vitest'
import type { Hooks } from '../harness'
import type { World } from '../world'
import { eventually, type Stage, turns } from './support'

interface Props {
  readonly id: string | null
}

export const peerBadge = (world: World) => ({
  setup: (hooks: Hooks, props: () => Props) => hooks.usePeer(() => [props().id, world.options]),
  text: ({ status }: { status: string }) => status,
})

/** What `usePeer` does. */
export function peerSuite(stage: () => Stage): void {
  test('a peer is connecting and then open while mounted, and leaves a second after', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const mounted = mount(peerBadge(world), { id })
    expect(mounted.texts()).toEqual(['connecting'])
    await eventually(mounted.texts, ['open'])
    expect(mounted.given().peer?.id).toBe(id)
    expect(world.left).toEqual([])
    mounted.unmount()
    await eventually(() => world.left, [id])
  })

  test('one peer is run, however often a framework mounts and renders', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const mounted = mount(peerBadge(world), { id })
    await eventually(mounted.texts, ['open'])
    const { peer } = mounted.given()
    for (let render = 0; render < 3; render++) mounted.update({ id })
    await eventually(mounted.texts, ['open'])
    expect(mounted.given().peer).toBe(peer)
    expect(world.joined).toEqual([id])
  })

  test('components that name the same id share one peer, which lasts until the last of them', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const both = mount(peerBadge(world), { id }, 2)
    const third = mount(peerBadge(world), { id })
    await eventually(both.texts, ['open', 'open'])
    await eventually(third.texts, ['open'])
    expect(third.given().peer).toBe(both.given().peer)
    both.unmount()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(third.texts()).toEqual(['open'])
    expect([world.joined, world.left]).toEqual([[id], []])
  })

  test('another id is another peer, and the first is let go of', async () => {
    const { world, mount } = stage()
    const [one, other] = [world.id('one'), world.id('other')]
    const mounted = mount(peerBadge(world), { id: one })
    await eventually(mounted.texts, ['open'])
    mounted.update({ id: other })
    await eventually(() => mounted.given().peer?.id, other)
    await eventually(mounted.texts, ['open'])
    await eventually(() => world.left, [one])
    expect(world.joined).toEqual([one, other])
  })

  test('an id that a function makes is kept from render to render', async () => {
    const { world, mount } = stage()
    const made: string[] = []
    const makeId = () => {
      made.push(world.id('laptop'))
      return made.at(-1) ?? ''
    }
    const mounted = mount(
      {
        setup: (hooks: Hooks, _props: () => { render: number }) =>
          hooks.usePeer(() => [makeId, world.options]),
        text: ({ status, peer }) => `${status} ${peer?.id}`,
      },
      { render: 1 },
    )
    await eventually(() => mounted.given().status, 'open')
    const shown = mounted.given().peer?.id
    // React 18's StrictMode makes every component twice, and throws the first away with the id that it made.
    const before = [...made]
    expect(before.at(-1)).toBe(shown)
    mounted.update({ render: 2 })
    await eventually(mounted.texts, [`open ${shown}`])
    expect(made).toEqual(before)
    expect(world.joined).toEqual([shown])
  })

  test('an id that an inline function makes is made once, whatever else changes', async () => {
    const { world, mount } = stage()
    let made = 0
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { secret: string }) => {
          const makeId = () => world.id(`laptop-${made++}`)
          return hooks.usePeer(() => [makeId, { ...world.options, secret: props().secret }])
        },
        text: ({ status, peer }) => `${status} ${peer?.id}`,
      },
      { secret: generateSecret() },
    )
    await eventually(() => mounted.given().status, 'open')
    const { peer } = mounted.given()
    const before = made
    mounted.update({ secret: generateSecret() })
    await eventually(() => mounted.given().status, 'open')
    await turns()
    expect([mounted.given().peer?.id, made]).toEqual([peer?.id, before])
    expect(world.joined).toEqual([peer?.id])
  })

  test('no id yet is idle, and opens nothing', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const mounted = mount(peerBadge(world), { id: null } as Props)
    expect(mounted.texts()).toEqual(['idle'])
    expect(mounted.given().peer).toBe(null)
    expect(world.joined).toEqual([])
    mounted.update({ id })
    await eventually(mounted.texts, ['open'])
    mounted.update({ id: null })
    await eventually(mounted.texts, ['idle'])
  })

  test('a peer that was created elsewhere is shown and held as well', async () => {
    const { world, mount } = stage()
    const peer = getPeer(world.id('laptop'), world.options)
    const mounted = mount(
      { setup: (hooks, props) => hooks.usePeer(() => [props().peer]), text: ({ status }) => status },
      { peer },
    )
    await eventually(mounted.texts, ['open'])
    expect(mounted.given().peer).toBe(peer)
  })

  test('a peer is held by a component that reads nothing of it', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const mounted = mount({ ...peerBadge(world), text: () => 'nothing' }, { id })
    await eventually(() => getPeer(id, world.options).$status.value?.state, 'open')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect([mounted.texts(), world.left]).toEqual([['nothing'], []])
  })
}
