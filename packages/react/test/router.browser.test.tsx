import {
  comesToSay,
  createRoutedWorld,
  expectNoFlash,
  expectNothingHeld,
  list,
  passed,
  type RoutedWorld,
} from '@nanopeer/conformance'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import {
  createHashRouter,
  createMemoryRouter,
  type LoaderFunctionArgs,
  type RouteObject,
  RouterProvider,
  redirect,
  useParams,
} from 'react-router'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useConnection, usePeer, useRequest } from '../src'

let world: RoutedWorld
beforeEach(async () => {
  world = await createRoutedWorld()
})
afterEach(() => world.close())

function Device() {
  const { id } = useParams()
  const { peer } = usePeer('laptop', world.options)
  const { connection, status } = useConnection(peer, id)
  const { data } = useRequest(connection, list, { path: '/' })
  return <output>{`${id}: ${status}, ${data}`}</output>
}

/** One of its own for each device. */
function Keyed() {
  const { id } = useParams()
  return <Device key={id} />
}

const toDevice = (route: RouteObject): RouteObject[] => [
  { path: '/', element: <output>home</output> },
  { path: '/device/:id', ...route },
]

describe.each([
  ['', (page: ReactNode) => page],
  [' in StrictMode', (page: ReactNode) => <StrictMode>{page}</StrictMode>],
])('pages of a router%s', (_name, within) => {
  /** An app with a router, at `/`. */
  const createPage = async (route: RouteObject, create: typeof createMemoryRouter = createMemoryRouter) => {
    const router = create(toDevice(route))
    const container = document.body.appendChild(document.createElement('div'))
    const root = createRoot(container)
    root.render(within(<RouterProvider router={router} />))
    const page = { router, text: () => container.textContent }
    await comesToSay(page, 'home')
    world.watch(container)
    world.leave(() => {
      root.unmount()
      router.dispose()
      container.remove()
    })
    return page
  }

  test.each([
    ['follow their route', { Component: Device }],
    ['are keyed by it', { Component: Keyed }],
  ])('that %s dial and ask each device once a visit, and let go of it', async (_how, route) => {
    const page = await createPage(route)
    for (const id of ['a', 'b', 'a']) {
      await page.router.navigate(`/device/${id}`)
      await comesToSay(page, `${id}: open, / of ${id}`)
    }
    expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b', 'ask a'])
    // None of these is waited for: the page may come to none of them but the last.
    for (const path of ['/device/b', '/device/a', '/', '/device/b']) page.router.navigate(path)
    await comesToSay(page, 'b: open, / of b')
    expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b', 'ask a', 'ask b'])
    await page.router.navigate('/')
    await comesToSay(page, 'home')
    await expectNothingHeld(world)
    expectNoFlash(world)
  })

  test('that a loader goes ahead of have the connection that it asked over, and it leaves nothing where it turns people away', async () => {
    const loader = async ({ params: { id } }: LoaderFunctionArgs) => {
      const answer = await world.laptop.connect(String(id)).request(list, { path: 'loader' })
      return answer === 'loader of a' ? answer : redirect('/')
    }
    const page = await createPage({ Component: Device, loader })
    await passed(page.router.navigate('/device/b'))
    await comesToSay(page, 'home')
    await expectNothingHeld(world)
    await passed(page.router.navigate('/device/a'))
    await comesToSay(page, 'a: open, / of a')
    expect(world.did).toEqual(['dial b', 'ask b', 'dial a', 'ask a', 'ask a'])
    const away = page.router.navigate('/device/b')
    await comesToSay(page, 'a: open, / of a')
    await passed(away)
    await comesToSay(page, 'home')
    await expectNothingHeld(world)
    expect(world.did).toEqual(['dial b', 'ask b', 'dial a', 'ask a', 'ask a', 'dial b', 'ask b'])
    expectNoFlash(world)
  })

  test('that are loaded late open nothing where the route has gone on meanwhile', async () => {
    let arrive = () => {}
    const loaded = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const lazy = async () => {
      await loaded
      return { Component: Device }
    }
    const page = await createPage({ lazy })
    const gone = page.router.navigate('/device/b')
    const kept = page.router.navigate('/device/a')
    arrive()
    await passed(Promise.all([gone, kept]))
    await comesToSay(page, 'a: open, / of a')
    expect(world.did).toEqual(['dial a', 'ask a'])
    expectNoFlash(world)
  })

  test('are those of then when people go back and forward, over the link that there is', async () => {
    const page = await createPage({ Component: Device }, createHashRouter)
    for (const id of ['a', 'b']) {
      await page.router.navigate(`/device/${id}`)
      await comesToSay(page, `${id}: open, / of ${id}`)
    }
    await page.router.navigate(-1)
    await comesToSay(page, 'a: open, / of a')
    await page.router.navigate(1)
    await comesToSay(page, 'b: open, / of b')
    await page.router.navigate(-2)
    await comesToSay(page, 'home')
    await expectNothingHeld(world)
    expect(world.did).toEqual(['dial a', 'ask a', 'dial b', 'ask b', 'ask a', 'ask b'])
    expectNoFlash(world)
  })
})
