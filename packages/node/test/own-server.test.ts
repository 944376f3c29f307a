import { describe, expect, onTestFinished, test } from 'vitest'
import { createSignallingServer, type SignallingServerOptions } from '../../server/src/index'
import { fastClock } from './support/clock'
import { freshId, joinAs, soon } from './support/joined'

/** nanopeer's own signalling server, until the test is over. */
const startServer = async (options: SignallingServerOptions = {}) => {
  const server = await createSignallingServer({ port: 0, host: '127.0.0.1', ...options })
  onTestFinished(() => server.close())
  const address = { host: '127.0.0.1', port: server.port, secure: false }
  return { server, address }
}

describe('registering with nanopeer’s own server', () => {
  test('opens, and dials', async () => {
    const { address } = await startServer()
    const device = joinAs(freshId('device'), { server: address })
    const asker = joinAs(freshId('asker'), { server: address })
    await Promise.all([device.isOpen(), asker.isOpen()])
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
  })

  test('asks for a token before every registration, and shows it as it is', async () => {
    const tokens: string[] = []
    const authorize = ({ token }: { token: string }) => tokens.push(token) > 0 && { owner: 'me' }
    const { server, address } = await startServer({ authorize })
    let asked = 0
    const token = async () => {
      asked += 1
      return `a&b=${asked}+%`
    }
    const device = joinAs(freshId('device'), { server: { ...address, token } }, { clock: fastClock(10) })
    await device.isOpen()
    const { port } = server
    await server.close()
    await expect.poll(() => device.history).toContain('NETWORK')
    await startServer({ authorize, port })
    await device.isOpen()
    expect(tokens[0]).toBe('a&b=1+%')
    expect(tokens.at(-1)).toBe(`a&b=${asked}+%`)
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  test('says that the id is taken, and does not come back, when another of the same token took it', async () => {
    const { server, address } = await startServer()
    const id = freshId('device')
    const options = { server: { ...address, token: 'of both' } }
    const first = joinAs(id, options)
    await first.isOpen()
    const second = joinAs(id, options)
    await second.isOpen()
    await expect.poll(() => first.history).toEqual(['connecting', 'open', 'ID_TAKEN'])
    expect(first.retryTimes).toEqual([null])
    expect(first.errors[0]?.message).toContain('with the same token')
    expect(second.history).toEqual(['connecting', 'open'])
    expect(server.clients).toBe(1)
  })

  test('waits for its turn where somebody else has the id', async () => {
    const { address } = await startServer()
    const id = freshId('device')
    const other = joinAs(id, { server: { ...address, token: 'one' } })
    await other.isOpen()
    const device = joinAs(id, { server: { ...address, token: 'two' } }, { clock: fastClock(10) })
    await expect.poll(() => device.history.slice(0, 2)).toEqual(['connecting', 'ID_TAKEN'])
    await other.signalling.leave()
    await device.isOpen()
  })
})
