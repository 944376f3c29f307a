import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Logger, redisEngine } from '../src/index'
import { resolveOptions } from '../src/options'
import { metric } from './support/metrics'
import { patience } from './support/patience'
import { startServer } from './support/servers'
import { connect, register } from './support/test-client'

const operations = { port: 0 }

describe('the second port', () => {
  it('says that the process lives and may be sent clients, and nothing of it on the first', async () => {
    const server = await startServer({ operations })
    for (const path of ['/health', '/ready']) {
      expect((await fetch(`http://127.0.0.1:${server.operationsPort}${path}`)).status).toBe(200)
      expect((await fetch(`http://127.0.0.1:${server.port}${path}`)).status).toBe(404)
    }
  })

  it('counts clients, messages and refusals', async () => {
    const server = await startServer({ operations })
    const alice = await register(server.port, 'alice', { token: 'one' })
    alice.send('OFFER', 'bob')
    await alice.caughtUp()
    await (await connect(server.port, { id: 'alice', token: 'two' })).ended
    expect(await metric(server, 'nanopeer_clients')).toBe(1)
    expect(await metric(server, 'nanopeer_registrations_total')).toBe(1)
    expect(await metric(server, 'nanopeer_messages_total')).toBe(2)
    expect(await metric(server, 'nanopeer_messages_local_total')).toBe(1)
    expect(await metric(server, 'nanopeer_messages_queued_total')).toBe(1)
    expect(await metric(server, 'nanopeer_refusals_total{reason="taken"}')).toBe(1)
  })

  it('measures the process once, however many servers it has had', async () => {
    const observed = vi.spyOn(PerformanceObserver.prototype, 'observe')
    onTestFinished(() => observed.mockRestore())
    for (let round = 0; round < 3; round += 1) {
      const server = await startServer({ operations })
      expect(await metric(server, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
      await server.close()
    }
    expect(observed.mock.calls.length).toBeLessThanOrEqual(1)
  })

  it('is nowhere unless it is asked for', async () => {
    const server = await startServer()
    expect(server.operationsPort).toBe(null)
  })
})

describe('starting', () => {
  it('rejects where the port is taken, and leaves nothing behind', async () => {
    const { port } = await startServer()
    await expect(startServer({ port })).rejects.toThrow('EADDRINUSE')
  })

  it('throws for a limit that is no positive number', async () => {
    await expect(startServer({ limits: { clients: 0 } })).rejects.toThrow(RangeError)
    await expect(startServer({ timeouts: { alive: Number.NaN } })).rejects.toThrow(RangeError)
    for (const proxies of [Number.NaN, -1, 1.5])
      await expect(startServer({ trustProxy: proxies })).rejects.toThrow(RangeError)
  })

  it('takes an option that is undefined for one that is not given', () => {
    const given = { operations: { port: 9001, host: undefined }, limits: { clients: undefined } }
    const { operations, limits } = resolveOptions({ ...given, timeouts: undefined, key: undefined })
    expect(operations).toEqual({ port: 9001, host: '127.0.0.1' })
    expect(limits.clients).toBe(50_000)
  })

  it('says why Redis cannot be had from the start, once', async () => {
    const warnings: string[] = []
    const said: string[] = []
    const ignore = () => {}
    const logger: Logger = {
      debug: (_fields: object, message: string) => said.push(message),
      info: ignore,
      warn: (_fields: object, message: string) => warnings.push(message),
      error: ignore,
    }
    await startServer({ engine: redisEngine({ urls: 'redis://127.0.0.1:1' }), logger })
    await vi.waitUntil(() => said.includes('Redis is still away'), patience)
    expect(warnings).toEqual(['Redis is away'])
  })
})

describe('drain', () => {
  it('sends the clients away over a time, and takes none meanwhile', async () => {
    const server = await startServer({ operations })
    const clients = await Promise.all(['a', 'b', 'c', 'd'].map((id) => register(server.port, id)))
    const drained = server.drain({ over: 500 })
    expect((await fetch(`http://127.0.0.1:${server.operationsPort}/ready`)).status).toBe(503)
    // By the server for the first tenth of a second, by the system from then on, and cut off where the one becomes the other.
    await expect(connect(server.port)).rejects.toThrow(/503|ECONNREFUSED|ECONNRESET/)
    for (const client of clients) expect(await client.ended).toEqual({ code: 1001, reason: 'goingAway' })
    await drained
    expect(server.clients).toBe(0)
    await expect(connect(server.port)).rejects.toThrow('ECONNREFUSED')
  })

  it('is over at once where nobody is there', async () => {
    const server = await startServer()
    await server.drain({ over: 100 })
    await server.close()
  })

  it('does not wait for clients that do not answer', async () => {
    const server = await startServer()
    const stuck = await register(server.port, 'stuck')
    stuck.socket.pause()
    await server.drain({ over: 100 })
    await server.close()
    stuck.socket.terminate()
  })
})

describe('a drain while authorize is still asked', () => {
  it('lets nobody in any more', async () => {
    let admit = () => {}
    const asked = new Promise<boolean>((resolve) => {
      admit = () => resolve(true)
    })
    const server = await startServer({ authorize: () => asked })
    const late = await connect(server.port, { id: 'late' })
    await server.drain({ over: 100 })
    admit()
    expect(await late.ended).toEqual({ code: 1013, reason: 'unavailable' })
    expect(server.clients).toBe(0)
  })
})

describe('close', () => {
  it('drops every client, and can be called again', async () => {
    const server = await startServer({ operations })
    const client = await register(server.port, 'alice')
    await server.close()
    expect(await client.ended).toMatchObject({ code: 1006 })
    await server.close()
  })
})
