import { action, createPeer, getPeer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { createPinia, defineStore, type Pinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  type Component,
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  KeepAlive,
  nextTick,
  onMounted,
  reactive,
  ref,
  Suspense,
  shallowRef,
} from 'vue'
import { useConnection, usePeer, useRequest } from '../src'
import Awaiting from './Awaiting.vue'

const list = action<{ path: string }, string>('list')

let options: PeerOptions
let leave: (() => unknown)[] = []
beforeEach(() => {
  options = { transport: createTestNetwork().transport }
})
afterEach(async () => {
  for (const undo of leave) await undo()
  leave = []
})

const openDevice = async () => {
  const device = createPeer('nas', { ...options, accept: 'anyone' })
  leave.push(() => device.destroy())
  device.handle(list, ({ path }) => `of ${path}`)
  await device.open()
}

test('a composable in a scope of its own works until the scope is stopped', async () => {
  const scope = effectScope()
  const laptop = scope.run(() => usePeer('laptop', options))
  await expect.poll(() => laptop?.status.value).toBe('open')
  const { peer } = laptop ?? {}
  scope.stop()
  await expect.poll(() => peer?.value?.$status.value?.state).toBe('idle')
})

test('a peer and a connection in deep refs are still the same objects', async () => {
  await openDevice()
  const scope = effectScope()
  leave.push(() => scope.stop())
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  const held = ref({ peer, connection: peer.connect('nas') })
  expect(held.value.peer).toBe(peer)
  const files = scope.run(() => useRequest(() => held.value.connection, list, { path: '/' }))
  await expect.poll(() => files?.data.value).toBe('of /')
})

test('an input is followed into its fields, and an id as a ref', async () => {
  await openDevice()
  const scope = effectScope()
  leave.push(() => scope.stop())
  const remoteId = ref<string | null>(null)
  const input = reactive({ path: '/a' })
  const files = scope.run(() => {
    const { peer } = usePeer('laptop', options)
    const { connection } = useConnection(peer, remoteId)
    return useRequest(connection, list, input)
  })
  expect(files?.status.value).toBe('idle')
  remoteId.value = 'nas'
  await expect.poll(() => files?.data.value).toBe('of /a')
  input.path = '/b'
  expect(files?.data.value).toBe(undefined)
  await expect.poll(() => files?.data.value).toBe('of /b')
})

test('an id is followed through a getter, and what it stood for before is let go of', async () => {
  await openDevice()
  const scope = effectScope()
  leave.push(() => scope.stop())
  const chosen = reactive<{ id: string; device: { id: string } | null }>({ id: 'laptop', device: null })
  const page = scope.run(() => {
    const laptop = usePeer(() => chosen.id, options)
    return { laptop, nas: useConnection(laptop.peer, () => chosen.device?.id) }
  })
  await expect.poll(() => page?.laptop.status.value).toBe('open')
  expect(page?.nas.status.value).toBe('idle')
  chosen.device = { id: 'nas' }
  await expect.poll(() => page?.nas.status.value).toBe('open')
  const before = page?.laptop.peer.value
  chosen.id = 'tablet'
  expect(page?.laptop.peer.value?.id).toBe('tablet')
  expect(page?.nas.connection.value?.peer.id).toBe('tablet')
  await expect.poll(() => page?.nas.status.value).toBe('open')
  await expect.poll(() => before?.$status.value?.state).toBe('idle')
})

test('a component that is kept alive keeps its peer', async () => {
  const visible = ref(true)
  const Badge = defineComponent({
    setup() {
      const { status } = usePeer('laptop', options)
      return () => h('output', status.value)
    },
  })
  const container = document.body.appendChild(document.createElement('div'))
  const app = createApp({ render: () => h(KeepAlive, () => (visible.value ? h(Badge) : null)) })
  leave.push(() => app.unmount())
  app.mount(container)
  const scope = effectScope()
  const tablet = scope.run(() => usePeer('tablet', options))?.peer.value
  await expect.poll(() => [container.textContent, tablet?.$status.value?.state]).toEqual(['open', 'open'])
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  leave.push(() => vi.useRealTimers())
  visible.value = false
  scope.stop()
  await nextTick()
  expect(container.textContent).toBe('')
  await vi.advanceTimersByTimeAsync(5000)
  // Long enough for a peer that nobody holds.
  expect(tablet?.$status.value?.state).toBe('idle')
  visible.value = true
  await nextTick()
  expect(container.textContent).toBe('open')
})

/** As `createSharedComposable`, `createGlobalState` and a pinia setup store do it: made by whoever asks first. */
const shareComposable = <Result>(create: () => Result): (() => Result) => {
  const scope = effectScope(true)
  leave.push(() => scope.stop())
  let shared: { readonly result: Result } | null = null
  return () => {
    shared ??= { result: scope.run(create) as Result }
    return shared.result
  }
}

const mountComponent = (component: Component) => {
  const container = document.body.appendChild(document.createElement('div'))
  const app = createApp(component)
  app.mount(container)
  const unmount = () => app.unmount()
  leave.push(unmount)
  return { container, unmount }
}

test('a composable in a scope that components share outlives the one that came first', async () => {
  const useLaptop = shareComposable(() => usePeer('laptop', options))
  const Badge = defineComponent({
    setup() {
      const { status } = useLaptop()
      return () => h('output', status.value)
    },
  })
  const first = mountComponent(Badge)
  const second = mountComponent(Badge)
  await expect.poll(() => second.container.textContent).toBe('open')
  first.unmount()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  leave.push(() => vi.useRealTimers())
  await vi.advanceTimersByTimeAsync(5000)
  expect(second.container.textContent).toBe('open')
  expect(useLaptop().peer.value?.$status.value?.state).toBe('open')
})

test('a pinia store is at work when the component that asked first is gone, and ends with its pinia', async () => {
  await openDevice()
  const useNas = defineStore('nas', () => {
    const { peer } = usePeer('laptop', options)
    const { connection, status } = useConnection(peer, 'nas')
    const { data } = useRequest(connection, list, { path: '/' })
    return { peer, status, data }
  })
  const pinia: Pinia = createPinia()
  const Files = defineComponent({
    setup() {
      const nas = useNas(pinia)
      return () => h('output', `${nas.status} ${nas.data}`)
    },
  })
  const first = mountComponent(Files)
  await expect.poll(() => first.container.textContent).toBe('open of /')
  first.unmount()
  const { peer } = useNas(pinia)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  leave.push(() => vi.useRealTimers())
  await vi.advanceTimersByTimeAsync(5000)
  const second = mountComponent(Files)
  expect(second.container.textContent).toBe('open of /')
  expect(useNas(pinia).peer).toBe(peer)
  useNas(pinia).$dispose()
  await vi.advanceTimersByTimeAsync(5000)
  expect(peer?.$status.value?.state).toBe('idle')
})

test('a composable in a scope of a component that is never mounted is at work', async () => {
  const useLaptop = shareComposable(() => usePeer('laptop', options))
  const Broken = defineComponent({
    setup() {
      useLaptop()
      throw new Error('This component does not mount.')
    },
  })
  const app = createApp(Broken)
  app.config.errorHandler = () => {}
  app.config.warnHandler = () => {}
  app.mount(document.createElement('div'))
  await expect.poll(() => useLaptop().status.value).toBe('open')
})

test('a composable that is called once a component is mounted works until it is unmounted', async () => {
  const found: ReturnType<typeof usePeer>[] = []
  const { unmount } = mountComponent({
    setup() {
      onMounted(() => found.push(usePeer('laptop', options)))
      return () => h('output')
    },
  })
  await expect.poll(() => found[0]?.status.value).toBe('open')
  const peer = found[0]?.peer.value
  unmount()
  await expect.poll(() => peer?.$status.value?.state).toBe('idle')
})

test('a shared scope takes over what a server said without a mismatch', async () => {
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  await peer.open()
  const useLaptop = shareComposable(() => usePeer('laptop', options))
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = '<output>connecting</output>'
  const element = container.firstChild
  const complain = vi.spyOn(console, 'error')
  const app = createSSRApp({
    setup() {
      const { status } = useLaptop()
      return () => h('output', status.value)
    },
  })
  leave.push(() => app.unmount())
  app.mount(container)
  await expect.poll(() => container.textContent).toBe('open')
  expect(container.firstChild).toBe(element)
  expect(complain).not.toHaveBeenCalled()
})

test('composables behind an await in script setup work, and end with their component', async () => {
  await openDevice()
  let arrive = (_path: string) => {}
  const ready = new Promise<string>((resolve) => {
    arrive = resolve
  })
  const { container, unmount } = mountComponent({
    render: () => h(Suspense, () => h(Awaiting, { options, list, ready })),
  })
  expect(container.textContent).toBe('')
  arrive('/a')
  await expect.poll(() => container.textContent).toBe('open of /a')
  const peer = getPeer('laptop', options)
  unmount()
  await expect.poll(() => peer.$status.value?.state).toBe('idle')
})

test('a composable behind an await in a plain setup function is in no scope, which the console tells', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  leave.push(() => vi.restoreAllMocks())
  const Plain = defineComponent({
    async setup() {
      await nextTick()
      const { status } = usePeer('laptop', options)
      return () => h('output', status.value)
    },
  })
  const { container } = mountComponent({ render: () => h(Suspense, () => h(Plain)) })
  await expect.poll(() => container.textContent).toBe('open')
  expect(warn.mock.calls.map(([text]) => String(text).slice(0, 9))).toEqual(['nanopeer:'])
  await getPeer('laptop', options).destroy()
})

test('pages that a router keeps alive stay connected as they come and go, and one that it drops lets go', async () => {
  await openDevice()
  const createPage = (path: string) =>
    defineComponent({
      name: `Page${path}`,
      setup() {
        const { peer } = usePeer(`laptop-${path}`, options)
        const { connection, status } = useConnection(peer, 'nas')
        const { data } = useRequest(connection, list, { path })
        return () => h('output', `${status.value} ${data.value}`)
      },
    })
  const [a, b, c] = [createPage('a'), createPage('b'), createPage('c')]
  const route = shallowRef<Component>(a)
  // What RouterView renders, in what a page wraps around it.
  const { container } = mountComponent({ render: () => h(KeepAlive, { max: 2 }, () => h(route.value)) })
  await expect.poll(() => container.textContent).toBe('open of a')
  route.value = b
  await expect.poll(() => container.textContent).toBe('open of b')
  route.value = a
  await nextTick()
  expect(container.textContent).toBe('open of a')
  route.value = c
  await expect.poll(() => container.textContent).toBe('open of c')
  const states = () => ['a', 'b', 'c'].map((path) => getPeer(`laptop-${path}`, options).$status.value?.state)
  await expect.poll(states).toEqual(['open', 'idle', 'open'])
})
