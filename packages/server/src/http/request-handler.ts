import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { ResolvedOptions } from '../options'

/** What `GET {path}` says, as PeerServer does. */
const description = {
  name: 'nanopeer signalling server',
  description: 'Brokers connections between PeerJS clients.',
  website: 'https://www.npmjs.com/package/@nanopeer/server',
}

const types = { html: 'text/html; charset=utf-8', json: 'application/json; charset=utf-8' } as const

const answer = (response: ServerResponse, status: number, type: keyof typeof types, body: string) => {
  response.writeHead(status, { 'content-type': types[type], 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** Lets pages of the allowed origins read the answers. They reveal nothing, and need no cookies. */
const allowOrigin = (
  request: IncomingMessage,
  response: ServerResponse,
  origins: ReadonlySet<string> | null,
) => {
  const { origin } = request.headers
  response.setHeader('vary', 'Origin')
  if (origin && (!origins || origins.has(origin))) response.setHeader('access-control-allow-origin', origin)
}

/**
 * The three addresses that PeerJS fetches: `{path}`, `{path}{key}/id` and `{path}{key}/peers`.
 *
 * @param options the server's
 * @param log what to do with a fault of an answer
 */
export const createRequestHandler = (
  options: ResolvedOptions,
  log: (error: unknown) => void,
): RequestListener => {
  const { path, key, engine, discovery, origins } = options

  const get = async (pathname: string, response: ServerResponse) => {
    if (pathname === path || `${pathname}/` === path)
      return answer(response, 200, 'json', JSON.stringify(description))
    if (pathname === `${path}${key}/id`) return answer(response, 200, 'html', randomUUID())
    if (pathname !== `${path}${key}/peers`) return answer(response, 404, 'html', 'Not Found')
    if (!discovery) return answer(response, 401, 'html', 'Unauthorized')
    answer(response, 200, 'json', JSON.stringify(await engine.ids()))
  }

  return (request, response) => {
    allowOrigin(request, response, origins)
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'GET,HEAD')
      response.writeHead(204).end()
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const [pathname = ''] = (request.url ?? '').split('?')
      get(pathname, response).catch((error) => {
        log(error)
        response.destroy()
      })
    } else answer(response, 405, 'html', 'Method Not Allowed')
  }
}
