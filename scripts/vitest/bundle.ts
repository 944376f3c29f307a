import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const core = fileURLToPath(new URL('../../packages/core/src/index.ts', import.meta.url))

const pages = new Map<string, Promise<string>>()

/**
 * The code of a page that a test opens by itself, with everything it imports; no test runner comes with it. Built once
 * for all tests of a file.
 *
 * @param entry the page's own module
 */
export function bundlePage(entry: URL): Promise<string> {
  const page = pages.get(entry.href) ?? buildPage(fileURLToPath(entry))
  pages.set(entry.href, page)
  return page
}

async function buildPage(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@nanopeer/core': core } },
    define: { 'process.env.NODE_ENV': JSON.stringify('test') },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rollupOptions: { output: { codeSplitting: false } },
    },
  })
  const [first] = Array.isArray(result) ? result : [result]
  if (!first || !('output' in first)) throw new Error('The page was not built.')
  return first.output[0].code
}
