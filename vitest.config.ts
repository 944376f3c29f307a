import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { browser, type Suite, serverRendering, unit } from './scripts/vitest/projects.ts'

const pathTo = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const core: Suite = { folder: 'core', dependencies: ['fast-check'] }

const reactSuite: Suite = {
  folder: 'react',
  plugins: () => [react()],
  dependencies: [
    'react',
    'react-dom',
    'react-dom/client',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    'vitest-browser-react',
  ],
}

/** The same files once more with the older React that the package supports. */
const react18Suite: Suite = {
  ...reactSuite,
  name: 'react-18',
  alias: [
    {
      find: /^(react|react-dom)(\/.*)?$/,
      replacement: `${pathTo('packages/react/react-18/node_modules')}/$1$2`,
    },
  ],
}

const vueSuite: Suite = { folder: 'vue', plugins: () => [vue()], dependencies: ['vue', 'vitest-browser-vue'] }

const svelteSuite: Suite = {
  folder: 'svelte',
  plugins: () => [svelte({ configFile: false })],
  dependencies: ['vitest-browser-svelte'],
}

export default defineConfig(async () => ({
  test: {
    globalSetup: pathTo('scripts/vitest/global-setup.ts'),
    projects: [
      unit(core),
      unit({ folder: 'node' }),
      unit(reactSuite),
      unit(vueSuite),
      unit(svelteSuite),
      serverRendering(reactSuite),
      serverRendering(react18Suite),
      serverRendering(vueSuite),
      serverRendering(svelteSuite),
      await browser(core, 1),
      await browser(reactSuite, 2),
      await browser(react18Suite, 3),
      await browser(vueSuite, 4),
      await browser(svelteSuite, 5),
    ],
  },
}))
