import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { serveRelay } from './relay'

/**
 * The headers that make a page cross-origin isolated: its clock ticks at 5 µs instead of 100.
 * Source: https://developer.mozilla.org/en-US/docs/Web/API/Performance/now#security_requirements
 */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

export interface WebServer {
  readonly port: number
  readonly origin: string
  readonly relay: string
  stop(): void
}

/**
 * Serves the bundles, a page for each (`/page?ends/page.js`), and the relay.
 *
 * @param bundles the folder where they are
 */
export async function startWebServer(host: string, bundles: URL): Promise<WebServer> {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname, search } = new URL(url, 'http://127.0.0.1')
    if (pathname === '/page') {
      response.writeHead(200, { 'content-type': 'text/html', ...isolation })
      return response.end(pageFor(search.slice(1)))
    }
    try {
      const file = fileURLToPath(new URL(`.${pathname}`, bundles))
      const body = await readFile(file)
      response.writeHead(200, { 'content-type': 'text/javascript', ...isolation }).end(body)
    } catch {
      response.writeHead(404, isolation).end()
    }
  })
  const stopRelay = serveRelay(server)
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://${host}:${port}`,
    relay: `ws://${host}:${port}/relay`,
    stop() {
      stopRelay()
      server.closeAllConnections()
      server.close()
    },
  }
}

const pageFor = (script: string): string =>
  `<!doctype html><title>bench</title><link rel="icon" href="data:,"><div id="root"></div>` +
  `<script type="module" src="/${script}"></script>`
