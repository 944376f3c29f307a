import {
  comesToSay,
  createRoutedWorld,
  expectNoFlash,
  expectNothingHeld,
  type RoutedWorld,
} from '@nanopeer/conformance'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type Component,
  defineComponent,
  h,
  KeepAlive,
  nextTick,
  Suspense,
  Transition,
  type VNode,
} from 'vue'
import { createWebHashHistory, type RouteLocationNormalizedLoaded, RouterView, useRoute } from 'vue-router'
import Nested from './Nested.vue'
import { createDevice, createPage, toComponent, toDevice } from './page'

let world: RoutedWorld
beforeEach(async () => {
  world = await createRoutedWorld()
})
afterEach(() => world.close())

const routes = () => toDevice((props) => createDevice(world, props).text)

/** What a router view shows. */
interface Shown {
  readonly Component: VNode | undefined
  readonly route: RouteLocationNormalizedLoaded
}

/** A root that renders what the route names in something else, one of its own for each address. */
const within = (wrap: (page: () => VNode) => VNode): Component => ({
  render: () =>
    h(RouterView, null, {
      default: ({ Component, route }: Shown) => wrap(() => h(Component ?? 'i', { key: route.fullPath })),
    }),
})

test('a device that a route names is dialled once and asked once, and let go of behind the route', async () => {
  const page = await createPage(world, routes())
  await page.router.push('/device/a')
  await comesToSay(page, 'a: open, / of a')
  await page.router.push('/')
  expect(page.text()).toBe('home')
  await expectNothingHeld(world)
  expect(world.did).toEqual(['dial a', 'ask a'])
  expectNoFlash(world)
})

test('a page that follows its route from device to device and back dials each once', async () => {
  const page = await createPage(world, routes())
  await page.router.push('/device/a')
  await comesToSay(page, 'a: open, / of a')
  await page.router.push('/device/b')
  expect(page.text()).toBe('b: connecting, undefined')
  // No task has passed, so that what is on its way or there is still this page's.
  await page.router.push('/device/a')
  expect(page.text()).toBe('a: open, / of a')
  // None of these is waited for: the router gives up all but the last.
  for (const id of ['b', 'a', 'b']) page.router.push(`/device/${id}`)
  await comesToSay(page, 'b: open, / of b')
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b'])
  await page.router.push('/device/a')
  await comesToSay(page, 'a: open, / of a')
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b', 'ask a'])
  await page.router.push('/')
  await expectNothingHeld(world)
  expectNoFlash(world)
})

test('an id that is read of the route itself is none where the route has none', async () => {
  const following = toDevice(() => {
    const route = useRoute()
    return createDevice(world, {
      get id() {
        return route.params.id as string
      },
    }).text
  })
  const page = await createPage(world, following)
  for (const id of ['a', 'b']) {
    await page.router.push(`/device/${id}`)
    await comesToSay(page, `${id}: open, / of ${id}`)
  }
  await page.router.push('/')
  expect(page.text()).toBe('home')
  await expectNothingHeld(world)
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b'])
  expectNoFlash(world)
})

test('pages that a router view keeps alive stay as they were, and all are let go of with the app', async () => {
  const page = await createPage(
    world,
    routes(),
    within((page) => h(KeepAlive, page)),
  )
  for (const id of ['a', 'b']) {
    await page.router.push(`/device/${id}`)
    await comesToSay(page, `${id}: open, / of ${id}`)
  }
  for (const id of ['a', 'b', 'a']) {
    await page.router.push(`/device/${id}`)
    expect(page.text()).toBe(`${id}: open, / of ${id}`)
  }
  await page.router.push('/')
  expect(world.laptop.$connections.value?.map(({ remoteId }) => remoteId)).toEqual(['a', 'b'])
  page.unmount()
  await expectNothingHeld(world)
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b'])
  expectNoFlash(world)
})

test('a page that fades out before the next comes leaves its link to who comes back', async () => {
  let fade = () => {}
  const onLeave = (_element: Element, done: () => void) => {
    fade = done
  }
  const page = await createPage(
    world,
    routes(),
    within((page) => h(Transition, { mode: 'out-in', css: false, onLeave }, page)),
  )
  await page.router.push('/device/a')
  expect(page.text()).toBe('home')
  fade()
  await comesToSay(page, 'a: open, / of a')
  await page.router.push('/device/b')
  expect(page.text()).toBe('a: open, / of a')
  await page.router.push('/device/a')
  fade()
  await comesToSay(page, 'a: open, / of a')
  await page.router.push('/device/b')
  fade()
  await comesToSay(page, 'b: open, / of b')
  await page.router.push('/')
  fade()
  await comesToSay(page, 'home')
  await expectNothingHeld(world)
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b'])
  expectNoFlash(world)
})

test('a page whose setup waits opens nothing before it is shown, and nothing where the route has gone on', async () => {
  const arrive = new Map<string, () => void>()
  const waiting = toDevice(async (props) => {
    const { text } = createDevice(world, props)
    await new Promise<void>((resolve) => arrive.set(props.id, resolve))
    return text
  })
  const page = await createPage(
    world,
    waiting,
    within((page) => h(Suspense, page)),
  )
  await page.router.push('/device/b')
  expect(page.text()).toBe('home')
  await page.router.push('/device/a')
  arrive.get('b')?.()
  arrive.get('a')?.()
  await comesToSay(page, 'a: open, / of a')
  await page.router.push('/device/b')
  // Until the next one has arrived, the page before is shown, and is what it was.
  expect(page.text()).toBe('a: open, / of a')
  await page.router.push('/')
  expect(page.text()).toBe('home')
  arrive.get('b')?.()
  await expectNothingHeld(world)
  expect(world.did).toEqual(['dial a', 'ask a'])
  expectNoFlash(world)
})

test('what fades, keeps alive and waits at once keeps each page as it was, and lets go of all', async () => {
  const waiting = toDevice(async (props) => {
    const { text } = createDevice(world, props)
    await nextTick()
    return text
  })
  const page = await createPage(world, waiting, Nested)
  for (const id of ['a', 'b']) {
    await page.router.push(`/device/${id}`)
    await comesToSay(page, `${id}: open, / of ${id}`)
  }
  await page.router.push('/device/a')
  await comesToSay(page, 'a: open, / of a')
  for (const path of ['/device/b', '/', '/device/b']) await page.router.push(path)
  await comesToSay(page, 'b: open, / of b')
  expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b'])
  page.unmount()
  await expectNothingHeld(world)
  expectNoFlash(world)
})

test('a page that is loaded late opens nothing where the route has gone on meanwhile', async () => {
  let arrive = (_component: Component) => {}
  const loaded = new Promise<Component>((resolve) => {
    arrive = resolve
  })
  const page = await createPage(
    world,
    toComponent(() => loaded),
  )
  const gone = page.router.push('/device/b')
  const kept = page.router.push('/device/a')
  arrive(defineComponent({ props: ['id'], setup: (props) => createDevice(world, props).text }))
  await Promise.all([gone, kept])
  await comesToSay(page, 'a: open, / of a')
  expect(world.did).toEqual(['dial a', 'ask a'])
  expectNoFlash(world)
})

test('back and forward go to the device of then, over the link that there is', async () => {
  const page = await createPage(world, routes(), undefined, createWebHashHistory())
  for (const id of ['a', 'b']) {
    await page.router.push(`/device/${id}`)
    await comesToSay(page, `${id}: open, / of ${id}`)
  }
  page.router.back()
  await comesToSay(page, 'a: open, / of a')
  page.router.forward()
  await comesToSay(page, 'b: open, / of b')
  page.router.go(-2)
  await comesToSay(page, 'home')
  await expectNothingHeld(world)
  expect(world.did.filter((it) => it.startsWith('dial'))).toEqual(['dial a', 'dial b'])
  expect(world.did.length).toBe(6)
  expectNoFlash(world)
})
