import { list, type RoutedWorld } from '@nanopeer/conformance'
import { type Component, createApp, defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, type RouteRecordRaw, RouterView } from 'vue-router'
import { useConnection, usePeer, useRequest } from '../../src'

/** The page of one device, in a setup function. */
export const createDevice = ({ options }: RoutedWorld, props: { readonly id: string }) => {
  const { peer } = usePeer('laptop', options)
  const { connection, status } = useConnection(peer, () => props.id)
  const { data } = useRequest(connection, list, { path: '/' })
  return { peer, text: () => h('output', `${props.id}: ${status.value}, ${data.value}`) }
}

type Setup = (props: { readonly id: string }) => (() => unknown) | Promise<() => unknown>

/** The routes of a home and of devices, whose id is a parameter and a prop. */
export const toDevice = (setup: Setup): RouteRecordRaw[] =>
  toComponent(defineComponent({ props: { id: { type: String, required: true } }, setup }))

/** The same with a component, or what loads one. */
export const toComponent = (component: Component | (() => Promise<Component>)): RouteRecordRaw[] => [
  { path: '/', component: { render: () => h('output', 'home') } },
  { path: '/device/:id', component, props: true },
]

/** An app with a router, at `/`. */
export const createPage = async (
  { watch, leave }: RoutedWorld,
  routes: RouteRecordRaw[],
  root: Component = { render: () => h(RouterView) },
  history = createMemoryHistory(),
) => {
  const router = createRouter({ history, routes })
  const container = document.body.appendChild(document.createElement('div'))
  const app = createApp(root)
  app.use(router)
  await router.push('/')
  app.mount(container)
  watch(container)
  let isMounted = true
  const unmount = () => {
    if (isMounted) app.unmount()
    isMounted = false
  }
  leave(() => {
    unmount()
    container.remove()
  })
  return { router, text: () => container.textContent, unmount }
}
