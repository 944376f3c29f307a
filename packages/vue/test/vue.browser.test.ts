import { action, createPeer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, defineComponent, effectScope, h, KeepAlive, nextTick, reactive, ref } from 'vue'
import { useConnection, usePeer, useRequest } from '../src'

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
  await expect.poll(() => peer?.value?.$status.value?.state, { timeout: 3000 }).toBe('idle')
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
  await expect.poll(() => before?.$status.value?.state, { timeout: 3000 }).toBe('idle')
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
