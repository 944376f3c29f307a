import type { Scenario } from '../harness/scenario'
import { weigh } from '../size/weigh.mjs'

/** The packages as an application's bundler leaves them: minified and compressed by brotli. */
export const size: Scenario = {
  keys: ['size.core', 'size.react', 'size.vue', 'size.svelte'],
  async run() {
    const weighed = await weigh()
    return weighed.flatMap(({ name, size: bytes, target }) => {
      if (target === undefined) return []
      const lazy = weighed.filter((part) => part.target === undefined && part.name.startsWith(`${name},`))
      return [
        {
          key: `size.${name}`,
          title: `${name}: min + brotli, without peerjs, frameworks and, for adapters, core`,
          figures: [
            { value: bytes / 1000, unit: 'KB', target: { atMost: target / 1000 } },
            ...lazy.map((part) => ({
              name: part.name.replace(`${name}, `, ''),
              value: part.size / 1000,
              unit: 'KB',
              target: { atMost: part.limit / 1000 },
            })),
          ],
          aa: 1,
        },
      ]
    })
  },
}
