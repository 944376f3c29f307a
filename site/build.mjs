/** `npm run docs` serves the site and follows changes; `npm run docs -- build` writes it to `site/dist`. */
import { fileURLToPath } from 'node:url'
import { build, createServer } from 'vitepress'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Builds the site. @throws when a link is dead or a page says nothing about itself */
export const buildSite = () => build(root)

/** Serves the site on a port of this machine, until Ctrl-C. */
async function serve() {
  const server = await createServer(root, { host: '127.0.0.1' })
  await server.listen()
  server.printUrls()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'build') await buildSite()
  else await serve()
}
