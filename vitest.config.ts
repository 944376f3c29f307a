import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import {
  browser,
  builtApps,
  endToEnd,
  inFirefox,
  pathTo,
  type Suite,
  serverRendering,
  unit,
} from './scripts/vitest/projects.ts'

const core: Suite = { name: 'core', folder: 'packages/core', dependencies: ['fast-check'] }

const node: Suite = { name: 'node', folder: 'packages/node' }

const server: Suite = { name: 'server', folder: 'packages/server' }

const devtools: Suite = {
  name: 'devtools',
  folder: 'packages/devtools',
  dependencies: ['axe-core', 'lit'],
}

const react19: Suite = {
  name: 'react',
  folder: 'packages/react',
  plugins: () => [react()],
  dependencies: [
    'react',
    'react-dom',
    'react-dom/client',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    '@tanstack/react-query',
    'react-router',
  ],
}

/** The same files once more, with the oldest React that the package supports. */
const react18: Suite = {
  ...react19,
  name: 'react-18',
  alias: [
    { find: /^(react|react-dom)(?=\/|$)/, replacement: pathTo('packages/react/react-18/node_modules/$1') },
  ],
}

const vue3: Suite = {
  name: 'vue',
  folder: 'packages/vue',
  plugins: () => [vue()],
  dependencies: ['vue', '@tanstack/vue-query', 'pinia', 'vue-router'],
}

const svelte5: Suite = {
  name: 'svelte',
  folder: 'packages/svelte',
  plugins: () => [svelte({ configFile: false })],
  dependencies: ['svelte', '@tanstack/svelte-query > @tanstack/query-core'],
}

const files: Suite = { name: 'example-files', folder: 'examples/files' }

const site: Suite = { name: 'site', folder: 'site' }

/** Type tests: compiled, never run. Mistakes that must not compile carry a `@ts-expect-error`. */
const types = {
  root: pathTo('.'),
  test: {
    name: 'types',
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: ['packages/*/test/**/*.test-d.{ts,tsx}'],
      tsconfig: pathTo('tsconfig.test-d.json'),
    },
  },
}

export default defineConfig(async () => ({
  test: {
    globalSetup: pathTo('scripts/vitest/global-setup.ts'),
    projects: [
      types,
      unit(core),
      unit(node),
      unit(server),
      unit(devtools),
      unit(react19),
      unit(vue3),
      unit(svelte5),
      unit(files),
      unit(site),
      serverRendering(react19),
      serverRendering(react18),
      serverRendering(vue3),
      serverRendering(svelte5),
      await browser(core, 1),
      await browser(react19, 2),
      await browser(react18, 3),
      await browser(vue3, 4),
      await browser(svelte5, 5),
      await browser(devtools, 6),
      await browser(core, 7, 'webrtc'),
      await browser(vue3, 8, 'webrtc'),
      await browser(svelte5, 9, 'webrtc'),
      endToEnd(core),
      endToEnd(node),
      endToEnd(server),
      endToEnd(devtools),
      endToEnd(files),
      endToEnd(site),
      inFirefox(core),
      inFirefox(node),
      builtApps(),
    ],
  },
}))
