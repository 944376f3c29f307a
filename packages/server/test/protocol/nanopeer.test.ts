import { describe, expect, test } from 'vitest'
import { serverAddress, serverName } from '../../../core/src/engine/signalling/server-address'
import { tokenFor, tokenOf } from '../../../core/src/engine/signalling/token'
import { fastClock } from '../../../node/test/support/clock'
import { freshId, joinAs, soon } from '../../../node/test/support/joined'
import { startProxy } from '../../../node/test/support/proxy'
import { registerRaw } from '../../../node/test/support/raw-client'
import { protocolServers } from '../support/servers'

describe.each(protocolServers)('a nanopeer device at $name', ({ start }) => {
  const startServer = async () => ({ host: '127.0.0.1', port: await start(), path: '/', secure: false })

  test('opens, and is dialled', async () => {
    const server = await startServer()
    const device = joinAs(freshId('device'), { server })
    const asker = joinAs(freshId('asker'), { server })
    await Promise.all([device.isOpen(), asker.isOpen()])
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
  })

  test('opens although the server still holds its id under the same token, which PeerServer answers with nothing', async () => {
    const server = await startServer()
    const id = freshId('device')
    const ghost = await registerRaw(server.port, id, tokenFor(tokenOf(id), serverName(serverAddress(server))))
    await expect.poll(() => ghost.received).toMatchObject([{ type: 'OPEN' }])
    const device = joinAs(id, { server })
    await device.isOpen()
    expect(device.history).toEqual(['connecting', 'open'])
    const asker = joinAs(freshId('asker'), { server })
    await expect(asker.signalling.dial(id, { signal: soon() })).resolves.toBeDefined()
  })

  test('says that an id is taken, and has it as soon as the other lets go', async () => {
    const server = await startServer()
    const id = freshId('device')
    const other = await registerRaw(server.port, id, 'somebody-else')
    const device = joinAs(id, { server }, { clock: fastClock(10) })
    await expect.poll(() => device.history.slice(0, 2)).toEqual(['connecting', 'ID_TAKEN'])
    await other.close()
    await device.isOpen()
  })

  test('finds a half-open socket, replaces it, and is dialled', async () => {
    const server = await startServer()
    const proxy = await startProxy(server)
    const device = joinAs(freshId('device'), { server: proxy.server }, { clock: fastClock(10) })
    await device.isOpen()
    proxy.stall()
    await expect.poll(() => device.history, { timeout: 10_000 }).toContain('NETWORK')
    proxy.recover()
    await device.isOpen()
    const asker = joinAs(freshId('asker'), { server })
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
  })

  test('learns that nobody has the id that it dials', async () => {
    const server = await startServer()
    const asker = joinAs(freshId('asker'), { server })
    await expect(asker.signalling.dial(freshId('nobody'), { signal: soon() })).rejects.toMatchObject({
      code: 'PEER_UNAVAILABLE',
    })
  })
})
