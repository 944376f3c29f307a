import { describe, expect, inject, test } from 'vitest'
import { startSignallingServer } from '../../../scripts/vitest/signalling-server'
import { type Clock, systemClock } from '../../core/src/base/clock'
import { manualClock } from '../../core/test/engine/signalling/manual-clock'
import { fastClock } from './support/clock'
import { freshId, joinAs, readAll, soon } from './support/joined'
import { startProxy } from './support/proxy'
import { registerRaw } from './support/raw-client'

const shared = () => ({ ...inject('signallingServer'), secure: false })

describe('registering with one server', () => {
  test('opens, and says so once', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    await device.isOpen()
    expect(device.history).toEqual(['connecting', 'open'])
  })

  test('reports a taken id, and has it as soon as the other lets go', async () => {
    const id = freshId('device')
    const other = await registerRaw(shared().port, id, 'somebody-else')
    const before = Date.now()
    const device = joinAs(id, { server: shared() }, { clock: fastClock(10) })
    await expect.poll(() => device.history.slice(0, 2)).toEqual(['connecting', 'ID_TAKEN'])
    expect(device.errors[0]?.message).toContain(id)
    expect(device.retryTimes[0]).toBeGreaterThan(before)
    await other.close()
    await device.isOpen()
  })

  test('has its id back after somebody took it while the network was away', async () => {
    const proxy = await startProxy(shared())
    const device = joinAs(freshId('device'), { server: proxy.server }, { clock: fastClock(10) })
    await device.isOpen()
    proxy.stall()
    proxy.cut()
    await expect.poll(() => device.history).toContain('NETWORK')
    const thief = await registerRaw(shared().port, device.id, 'somebody-else')
    await expect.poll(() => thief.received).toMatchObject([{ type: 'OPEN' }])
    proxy.recover()
    proxy.cut()
    await expect.poll(() => device.history).toContain('ID_TAKEN')
    await thief.close()
    await device.isOpen()
  })

  test('finds a half-open socket and replaces it', async () => {
    const proxy = await startProxy(shared())
    const device = joinAs(freshId('device'), { server: proxy.server }, { clock: fastClock(10) })
    await device.isOpen()
    proxy.stall()
    await expect.poll(() => device.history).toContain('NETWORK')
    proxy.recover()
    await device.isOpen()
    const asker = joinAs(freshId('asker'), { server: shared() })
    await expect(asker.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
  })

  test('finds a half-open socket at once when asked to try again', async () => {
    const clock = manualClock()
    const proxy = await startProxy(shared())
    const device = joinAs(freshId('device'), { server: proxy.server }, { clock })
    const asker = joinAs(freshId('asker'), { server: shared() })
    await Promise.all([device.isOpen(), asker.isOpen()])
    // The first probe has been answered when this is: the server keeps the order.
    await asker.signalling.dial(device.id, { signal: soon() })
    proxy.stall()
    device.signalling.retry()
    clock.pass(5_000)
    expect(device.history).toEqual(['connecting', 'open', 'NETWORK'])
  })

  test('does not mistake a quiet, healthy socket for a dead one', async () => {
    let probes = 0
    /** The system's, but for the quiet time between two probes. */
    const clock: Clock = {
      ...systemClock,
      after(ms, fn) {
        if (ms !== 25_000) return systemClock.after(ms, fn)
        return systemClock.after(20, () => {
          probes++
          fn()
        })
      },
    }
    const device = joinAs(freshId('device'), { server: shared() }, { clock })
    await expect.poll(() => probes).toBeGreaterThan(10)
    expect(device.history).toEqual(['connecting', 'open'])
  })

  test('says where and when it tries again while the server is down, and opens when it is back', async () => {
    const server = await startSignallingServer()
    const device = joinAs(
      freshId('device'),
      { server: { ...server, secure: false } },
      { clock: fastClock(10) },
    )
    await device.isOpen()
    await server.stop()
    await expect
      .poll(() => device.history.slice(0, 5))
      .toEqual(['connecting', 'open', 'NETWORK', 'connecting', 'NETWORK'])
    expect(device.errors[0]?.message).toContain(`http://127.0.0.1:${server.port}/`)
    const again = await startSignallingServer(server.port)
    await device.isOpen()
    await device.signalling.leave()
    await again.stop()
  })

  test('leaves live links alone while its server is away', async () => {
    const proxy = await startProxy(shared())
    const device = joinAs(freshId('device'), { server: proxy.server }, { clock: fastClock(10) })
    await device.isOpen()
    const asker = joinAs(freshId('asker'), { server: shared() })
    const link = await asker.signalling.dial(device.id, { signal: soon() })
    await expect.poll(() => device.links.length).toBe(1)
    const { messages } = readAll(link)
    proxy.stall()
    proxy.cut()
    await expect.poll(() => device.history).toContain('NETWORK')
    device.links[0]?.send(Uint8Array.of(1))
    await expect.poll(() => messages.length).toBe(1)
    proxy.recover()
    await device.isOpen()
    device.links[0]?.send(Uint8Array.of(2))
    await expect.poll(() => messages.length).toBe(2)
  })

  test('refuses an id that no server would take, and does not try again', async () => {
    const device = joinAs('no/such/id', { server: shared() })
    await expect.poll(() => device.history).toEqual(['connecting', 'INVALID_ID'])
    expect(device.retryTimes).toEqual([null])
    await expect(device.signalling.dial('other', { signal: soon() })).rejects.toMatchObject({
      code: 'INVALID_ID',
      cause: { stage: 'signalling' },
    })
  })

  test('names the key when the server refuses it', async () => {
    const device = joinAs(freshId('device'), { server: { ...shared(), key: 'wrong' } })
    await expect.poll(() => device.history).toContain('NETWORK')
    expect(device.errors[0]?.message).toMatch(/Invalid key.*key/)
  })
})

describe('leaving', () => {
  test('gives the id back before it resolves, and keeps live links', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    const asker = joinAs(freshId('asker'), { server: shared() })
    await device.isOpen()
    const { messages } = readAll(await asker.signalling.dial(device.id, { signal: soon() }))
    await expect.poll(() => device.links.length).toBe(1)
    await device.signalling.leave()
    const next = await registerRaw(shared().port, device.id, 'somebody-else')
    await expect.poll(() => next.received).toMatchObject([{ type: 'OPEN' }])
    device.links[0]?.send(Uint8Array.of(1))
    await expect.poll(() => messages.length).toBe(1)
    expect(device.history).toEqual(['connecting', 'open'])
  })

  test('ends an attempt that is under way, and every dial', async () => {
    const proxy = await startProxy(shared())
    proxy.stall()
    const device = joinAs(freshId('device'), { server: proxy.server })
    const dial = device.signalling.dial('anybody', { signal: soon() })
    await Promise.all([device.signalling.leave(), expect(dial).rejects.toMatchObject({ code: 'DESTROYED' })])
    expect(device.history).toEqual(['connecting'])
  })
})
