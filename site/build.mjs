/** Serves the site and follows changes; with `build`, writes it to `site/dist`. `npm run docs` sets up before. */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'
import { build, createServer } from 'vitepress'
import { writeReference } from './reference.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Loaded by Vite, because it is TypeScript. @returns {Promise<typeof import('./live/build.ts')>} */
async function liveExamples() {
  const { module } = await runnerImport(fileURLToPath(new URL('live/build.ts', import.meta.url)))
  return /** @type {typeof import('./live/build.ts')} */ (module)
}

/** Builds the site. @throws when a link is dead, a page says nothing about itself, or an example does not build */
async function buildSite() {
  await writeReference()
  const { buildExamples } = await liveExamples()
  await buildExamples()
  await build(root)
}

/** Serves the site on a port of this machine, until Ctrl-C. */
async function serve() {
  await writeReference()
  const { watchExamples } = await liveExamples()
  await watchExamples()
  const server = await createServer(root, { host: '127.0.0.1' })
  await server.listen()
  server.printUrls()
}

if (process.argv[2] === 'build') {
  // Vite sets it when it loads the first file, and would take it for development.
  process.env.NODE_ENV = 'production'
  await buildSite()
} else {
  await serve()
}
