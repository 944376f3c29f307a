/** Bundles the bench with esbuild: the harness and the Node end for Node, the pages for Chromium. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

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
      ...common,
      entryPoints: [
        'ends/page.ts',
        'ends/path.ts',
        'ends/render.tsx',
        'ends/followers.ts',
        'ends/mallory.ts',
      ],
      outbase: folder,
      platform: 'browser',
      splitting: true,
      minify: true,
      // Names stay readable in profiles; engines do not care.
      keepNames: false,
      minifyIdentifiers: false,
      define: { 'process.env.NODE_ENV': '"production"' },
      // The build of React that tells a Profiler of its commits.
      alias: { ...common.alias, 'react-dom/client': 'react-dom/profiling' },
    }),
  ])
}

/** A bundled CommonJS package may ask for `require`. */
const commonJs =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** @param {string} root */
const sourcesOf = (root) => ({
  '@nanopeer/core/adapter': `${root}/packages/core/src/adapter.ts`,
  '@nanopeer/core/engine': `${root}/packages/core/src/engine/carry.ts`,
  '@nanopeer/core': `${root}/packages/core/src/index.ts`,
  '@nanopeer/node': `${root}/packages/node/src/index.ts`,
  '@nanopeer/react': `${root}/packages/react/src/index.ts`,
})
