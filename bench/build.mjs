/** Bundles the bench with esbuild: the harness and the Node end for Node, the pages for Chromium. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { compile } from 'svelte/compiler'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Where the bundles go. */
export const output = `${folder}dist`

/**
 * @param {{ sources?: string }} [options] `sources`: the root of a checkout whose packages are bundled from their
 * sources; without it the built packages are taken, as their users get them
 */
export async function buildBench({ sources } = {}) {
  const common = /** @type {const} */ ({
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: output,
    logLevel: 'warning',
    loader: { '.py': 'text' },
    // tsup leaves imports for nothing but order; the packages have no side effects.
    logOverride: { 'ignored-bare-import': 'silent' },
    sourcemap: true,
    // The workspace's `paths` point at sources; the bench measures what is built.
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } },
    alias: sources ? sourcesOf(sources) : {},
  })
  const native = ['node-datachannel', 'ws', 'playwright-core']
  await Promise.all([
    build({
      ...common,
      entryPoints: [
        'main.ts',
        'ends/node.ts',
        'harness/signalling-server.worker.ts',
        'harness/web-server.worker.ts',
      ],
      platform: 'node',
      outExtension: { '.js': '.mjs' },
      outbase: folder,
      external: [
        ...native,
        'nanostores',
        '@nanopeer/server',
        'size-limit',
        '@size-limit/file',
        'esbuild',
        ...(sources ? [] : ['@nanopeer/*']),
      ],
      banner: { js: commonJs },
    }),
    build({
      ...inPages(common),
      entryPoints: [
        'ends/page.ts',
        'ends/path.ts',
        'ends/render/page.tsx',
        'ends/followers.ts',
        'ends/media.ts',
        'ends/mallory.ts',
      ],
      outbase: folder,
    }),
    // Each by itself: a fresh page loads what it needs, and nothing of others.
    ...['nanopeer', 'peerjs'].map((contestant) =>
      build({
        ...inPages(common),
        entryPoints: [`ends/cold/${contestant}.ts`],
        outdir: `${output}/cold`,
      }),
    ),
  ])
}

/** For Chromium. @param {import('esbuild').BuildOptions} common */
const inPages = (common) => ({
  ...common,
  platform: /** @type {const} */ ('browser'),
  splitting: true,
  minify: true,
  // Names stay readable in profiles; engines do not care.
  keepNames: false,
  minifyIdentifiers: false,
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  conditions: ['svelte', 'browser'],
  plugins: [svelteComponents],
  // The build of React that tells a Profiler of its commits.
  alias: { ...common.alias, 'react-dom/client': 'react-dom/profiling' },
})

/** Compiles Svelte's components, as its own plugins for bundlers do. @type {import('esbuild').Plugin} */
const svelteComponents = {
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, 'utf8'), { filename: path, dev: false })
      return { contents: js.code }
    })
  },
}

/** A bundled CommonJS package may ask for `require`. */
const commonJs =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** @param {string} root */
const sourcesOf = (root) => ({
  '@nanopeer/core/adapter': `${root}/packages/core/src/adapter.ts`,
  '@nanopeer/core/engine': `${root}/packages/core/src/engine/carry.ts`,
  '@nanopeer/core/testing': `${root}/packages/core/testing/index.ts`,
  '@nanopeer/core': `${root}/packages/core/src/index.ts`,
  '@nanopeer/node': `${root}/packages/node/src/index.ts`,
  '@nanopeer/react': `${root}/packages/react/src/index.ts`,
  '@nanopeer/svelte': `${root}/packages/svelte/src/index.ts`,
  '@nanopeer/vue': `${root}/packages/vue/src/index.ts`,
})
