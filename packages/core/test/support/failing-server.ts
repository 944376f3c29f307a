import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import type { BundledPage } from './bundlers'

/** How a server does not answer. */
export type Failure = '503' | 'reset'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '': 'text/html',
}

/** Serves a page on loopback, but for the files that are to fail. */
export const serveFiles = async (page: BundledPage) => {
  const failures = new Map<string, Failure>()
  const requests: string[] = []
  const server = createServer(({ url = '/', socket }, response) => {
    const path = url.split('?')[0] as string
    requests.push(url)
    const failure = failures.get(path)
    // Browsers ask again by themselves, once, where a connection that they had used before is reset.
    if (failure === 'reset') return void socket.destroy()
    const content = page.get(path)
    response.statusCode = failure ? 503 : content === undefined ? 404 : 200
    response.setHeader('content-type', types[extname(path)] ?? 'text/plain')
    response.setHeader('cache-control', 'no-store')
    response.end(failure ? '' : content)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    /** What was asked for, with queries, in order. */
    requests,
    /** Does not answer for this file, until {@link heal}. */
    fail: (path: string, failure: Failure) => void failures.set(path, failure),
    heal: () => failures.clear(),
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
