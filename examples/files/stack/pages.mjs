import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

/** The pages, in the order of the index. */
export const pages = ['', 'react/', 'vue/', 'svelte/', 'camera/']

/**
 * Serves the pages; they are ready when each of them has been asked for once.
 *
 * @param {{ port: number, signallingPort: number, copy?: string }} options `port`: the next free one is
 *   taken; `copy`: a folder with other pages than the demo's own
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function servePages({ port, signallingPort, copy }) {
  process.env.VITE_SIGNALLING_PORT = String(signallingPort)
  const server = await createServer({
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    server: { port },
    ...(copy && { root: copy, cacheDir: join(copy, '.vite') }),
  })
  await server.listen()
  const origin = server.resolvedUrls?.local[0]?.replace(/\/$/, '')
  if (origin === undefined) throw new Error('The pages are served nowhere.')
  for (const page of pages) {
    const response = await fetch(`${origin}/${page}`)
    if (!response.ok) throw new Error(`${origin}/${page} answers ${response.status}.`)
  }
  return { origin, stop: () => server.close() }
}
