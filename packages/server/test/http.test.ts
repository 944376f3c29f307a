import { describe, expect, it } from 'vitest'
import { protocolServers, startServer } from './support/servers'
import { register } from './support/test-client'

describe.each(protocolServers)('HTTP of $name', ({ start }) => {
  const get = async (port: number, path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    const type = response.headers.get('content-type')
    const allowed = response.headers.get('access-control-allow-origin')
    return { status: response.status, type, allowed, body: await response.text() }
  }

  it('gives out a plain uuid as id', async () => {
    const { status, type, body } = await get(await start(), '/peerjs/id?ts=1760000000000&version=1.5.5')
    expect({ status, type }).toEqual({ status: 200, type: 'text/html; charset=utf-8' })
    expect(body).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('hides who is there', async () => {
    const port = await start()
    await register(port, 'alice')
    expect(await get(port, '/peerjs/peers')).toMatchObject({ status: 401, body: 'Unauthorized' })
  })

  it('lists who is there where that is allowed', async () => {
    const port = await start({ discovery: true })
    await register(port, 'alice')
    await register(port, 'bob')
    const { type, body } = await get(port, '/peerjs/peers')
    expect(type).toBe('application/json; charset=utf-8')
    expect(JSON.parse(body)).toEqual(['alice', 'bob'])
  })

  it('says what it is', async () => {
    const { status, type, body } = await get(await start(), '/')
    expect({ status, type }).toEqual({ status: 200, type: 'application/json; charset=utf-8' })
    expect(Object.keys(JSON.parse(body))).toEqual(['name', 'description', 'website'])
  })

  it('lets pages of any origin read the answers', async () => {
    const port = await start()
    const { allowed } = await get(port, '/peerjs/id', { origin: 'https://app.example' })
    expect(allowed).toBe('https://app.example')
    const preflight = await fetch(`http://127.0.0.1:${port}/peerjs/id`, { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
  })

  it('answers 404 to what it does not have', async () => {
    expect(await get(await start(), '/peerjs/nothing')).toMatchObject({ status: 404 })
  })
})

describe('HTTP of @nanopeer/server alone', () => {
  it('checks the key of /peers', async () => {
    const { port } = await startServer({ discovery: true, key: 'mine' })
    expect((await fetch(`http://127.0.0.1:${port}/other/peers`)).status).toBe(404)
    expect((await fetch(`http://127.0.0.1:${port}/mine/peers`)).status).toBe(200)
  })

  it('lets only the pages of its origins read the answers', async () => {
    const { port } = await startServer({ origins: ['https://app.example'] })
    const allowed = async (origin: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/peerjs/id`, { headers: { origin } })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await allowed('https://app.example')).toBe('https://app.example')
    expect(await allowed('https://evil.example')).toBe(null)
  })

  it('lives under another path, however its slashes are written', async () => {
    for (const path of ['signal', '/signal', '/signal/']) {
      const { port } = await startServer({ path })
      await register(port, 'alice', { path: '/signal/' })
      expect((await fetch(`http://127.0.0.1:${port}/signal/peerjs/id`)).status).toBe(200)
    }
  })

  it('takes no other method', async () => {
    const { port } = await startServer()
    expect((await fetch(`http://127.0.0.1:${port}/peerjs/id`, { method: 'POST' })).status).toBe(405)
  })
})
