import type { RequestListener } from 'node:http'
import type { Registry } from 'prom-client'

/** What {@link createOperationsHandler} shows. */
export interface OperationsSource {
  readonly metrics: Registry
  isReady(): boolean
}

/**
 * `/health`: the process answers. `/ready`: it should be sent clients; 503 while it drains or the engine is away.
 * `/metrics`: Prometheus.
 *
 * @param log what to do with a fault of an answer
 */
export const createOperationsHandler =
  ({ metrics, isReady }: OperationsSource, log: (error: unknown) => void): RequestListener =>
  (request, response) => {
    const text = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type }).end(body)
    const [pathname] = (request.url ?? '').split('?')
    if (pathname === '/health') text(200, 'ok\n')
    else if (pathname === '/ready') text(isReady() ? 200 : 503, isReady() ? 'ready\n' : 'not ready\n')
    else if (pathname !== '/metrics') text(404, 'Not Found\n')
    else {
      metrics.metrics().then(
        (body) => text(200, body, metrics.contentType),
        (error) => {
          log(error)
          text(500, 'The metrics could not be read.\n')
        },
      )
    }
  }
