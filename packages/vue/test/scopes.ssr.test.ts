import type { Peer, Transport } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { createPinia, defineStore } from 'pinia'
import { expect, test } from 'vitest'
import { createSSRApp, effectScope, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { usePeer } from '../src'

const transport: Transport = {
  isSupported: () => true,
  join() {
    throw new Error('A server render must not join a network.')
  },
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve))
}

test('a composable in a scope that components share opens nothing on a server', async () => {
  const shared = effectScope(true)
  const peers: (Peer | null | undefined)[] = []
  const app = createSSRApp({
    setup() {
      const laptop = shared.run(() => usePeer('laptop', { transport }))
      peers.push(laptop?.peer.value)
      return () => h('output', laptop?.status.value)
    },
  })
  expect(await renderToString(app)).toBe('<output>connecting</output>')
  await turns()
  expect(peers.map((peer) => peer?.$status.value?.state)).toEqual(['idle'])
  shared.stop()
})

test('a pinia store that a plugin asks for, ahead of any component, opens nothing on a server', async () => {
  const useLaptop = defineStore('laptop', () => usePeer('laptop', { transport }))
  const pinia = createPinia()
  const app = createSSRApp({
    setup() {
      const laptop = useLaptop()
      return () => h('output', laptop.status)
    },
  })
  app.use(pinia)
  const { peer } = app.runWithContext(() => useLaptop())
  await turns()
  expect(peer?.$status.value?.state).toBe('idle')
  expect(await renderToString(app)).toBe('<output>connecting</output>')
})

test('a composable in a scope of a program without an app is at work', async () => {
  const scope = effectScope()
  const laptop = scope.run(() => usePeer('laptop', { transport: createTestNetwork().transport }))
  await expect.poll(() => laptop?.status.value).toBe('open')
  const peer = laptop?.peer.value
  scope.stop()
  await peer?.destroy()
})
