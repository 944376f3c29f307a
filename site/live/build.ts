import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { build, type InlineConfig } from 'vite'
import { docs } from '../routes.ts'
import { extractExamples } from './extract.ts'

const pathTo = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** One file that a page imports when an example is seen, and a chunk for each framework and each component. */
const config: InlineConfig = {
  configFile: false,
  root: pathTo('..'),
  base: './',
  cacheDir: pathTo('../.cache/vite'),
  logLevel: 'error',
  publicDir: false,
  plugins: [react(), vue(), svelte({ configFile: false, emitCss: false })],
  build: {
    outDir: pathTo('../public/live'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: pathTo('scene.ts'),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
}

/** Builds the live examples of all documents for the pages to import. */
export async function buildExamples(): Promise<void> {
  await extractExamples()
  await build(config)
}

/** The same, and again whenever a document changes. Resolves when they are there for the first time. */
export async function watchExamples(): Promise<void> {
  await extractExamples()
  const watcher = await build({ ...config, build: { ...config.build, watch: {} } })
  if (!('on' in watcher)) throw new TypeError('Vite watches nothing.')
  await new Promise<void>((resolve, reject) => {
    watcher.on('event', (event) => {
      if (event.code === 'END') resolve()
      if (event.code === 'ERROR') reject(event.error)
    })
  })
  watch(docs, { recursive: true }, () => {
    // A document that is half-written is no reason to stop serving the others.
    extractExamples().catch((error: unknown) => console.error(error))
  })
}
