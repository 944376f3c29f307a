import type { Scenario } from '../harness/scenario'
import { weigh } from '../size/weigh.mjs'

/** The packages as an application's bundler leaves them: minified and compressed by brotli. */
export const size: Scenario = {
  keys: [
    'size.badge',
    'size.remoteStore',
    'size.share',
    'size.core',
    'size.react',
    'size.vue',
    'size.svelte',
  ],
  async run() {
    const weighed = await weigh()
    const figure = (name: string, bytes: number, atMost: number) => ({
      name,
      value: bytes / 1000,
      unit: 'KB',
      target: { atMost: atMost / 1000 },
    })
    return this.keys.map((key) => {
      const entry = key.replace('size.', '')
      // The lazy parts are the same under every entry: core's are enough.
      const parts = weighed.filter(
        ({ name }) => name.startsWith(`${entry}.`) || (entry === 'core' && name.startsWith('core,')),
      )
      return {
        key,
        title: `${entry}: min + brotli, without peerjs, frameworks and, for adapters, core`,
        figures: parts.map((part) =>
          figure(part.name.replace(/^\w+(\.|, )/, ''), part.size, part.target ?? part.limit),
        ),
        aa: 1,
      }
    })
  },
}
