import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

test.each([
  ['core/test/kit/timers.test.ts', 'ts'],
  ['react/test/kit/actions.ts', 'ts'],
  ['react/test/kit/FileNames.tsx', 'tsx'],
  ['react/test/kit/file-names.browser.test.tsx', 'tsx'],
  ['vue/test/kit/FileNames.vue', 'vue'],
  ['vue/test/kit/file-names.browser.test.ts', 'ts'],
  ['svelte/test/kit/FileNames.svelte', 'svelte'],
  ['svelte/test/kit/file-names.browser.test.ts', 'ts'],
  ['core/test/recipes/log-peer.ts', 'ts', 'recipes/logging.md'],
  ['core/test/recipes/save.ts', 'ts', 'recipes/download.md'],
  ['node/test/recipes/serve-files.ts', 'ts', 'recipes/download.md'],
  ['node/test/recipes/download.ts', 'ts', 'recipes/download.md'],
  ['node/test/recipes/serve-uploads.ts', 'ts', 'recipes/upload.md'],
  ['node/test/recipes/serve-log.ts', 'ts', 'recipes/live-log.md'],
  ['node/test/recipes/paired-device.ts', 'ts', 'recipes/pair-a-phone.md'],
  ['node/test/recipes/turn-credentials.ts', 'ts', 'recipes/self-hosted.md'],
])('packages/%s is in the documents as it runs', (path, language, document = 'testing.md') => {
  const blocks = read(`docs/${document}`).matchAll(/^```(\w+)\n(?:\/\/|<!--).*\n([\s\S]*?)^```$/gm)
  expect([...blocks].map(([, name, text]) => [name, text])).toContainEqual([
    language,
    read(`packages/${path}`),
  ])
})

test('the adapters test the same actions', () => {
  const actions = ['react', 'vue', 'svelte'].map((name) => read(`packages/${name}/test/kit/actions.ts`))
  expect(new Set(actions).size).toBe(1)
})
