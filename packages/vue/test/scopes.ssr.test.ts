import type { Transport } from '@nanopeer/core'
import { expect, test } from 'vitest'
import { createSSRApp, effectScope, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { usePeer } from '../src'

test('a composable in a scope that components share opens nothing on a server', async () => {
  const joined: string[] = []
  const transport: Transport = {
    isSupported: () => true,
    join(id) {
      joined.push(id)
      throw new Error('A server render must not join a network.')
    },
  }
  const shared = effectScope(true)
  const app = createSSRApp({
    setup() {
      const laptop = shared.run(() => usePeer('laptop', { transport }))
      return () => h('output', laptop?.status.value)
    },
  })
  expect(await renderToString(app)).toBe('<output>connecting</output>')
  await new Promise((resolve) => setTimeout(resolve))
  expect(joined).toEqual([])
  shared.stop()
})
