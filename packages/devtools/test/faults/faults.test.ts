import { type Connection, NanopeerError, type SignallingEvents } from '@nanopeer/core'
import { describe, expect, test, vi } from 'vitest'
import { DelayLine } from '../../src/faults/delay-line'
import { Faults } from '../../src/faults/faults'
import { createWorld, eventually } from '../world'

const stateOf = ({ $status }: Connection) => $status.value?.state

describe('faults', () => {
  test('change nothing until one is set', async () => {
    const { faults, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    expect(await connection.request('double', 2)).toBe(4)
    expect(faults.isAny).toBe(false)
    expect(faults.reaches('laptop')).toBe(true)
    expect(faults.reaches('somebody')).toBe(false)
  })

  test('keep nothing back that a transport says of its signalling', () => {
    const events = {
      connecting: vi.fn(),
      open: vi.fn(),
      disconnected: vi.fn(),
      taken: vi.fn(),
      link: vi.fn(),
      plain: vi.fn(),
    }
    const error = new NanopeerError('ID_TAKEN', 'This id is taken.')
    const join = (_id: string, _options: unknown, heard: SignallingEvents) => {
      heard.connecting()
      heard.open()
      heard.taken?.()
      heard.disconnected(error, null)
      return { dial: vi.fn(), dialPlain: vi.fn(), retry: vi.fn(), leave: vi.fn() }
    }
    new Faults().wrap({ isSupported: () => true, join }).join('laptop', {}, events)
    for (const name of ['connecting', 'open', 'taken'] as const) expect(events[name]).toHaveBeenCalledOnce()
    expect(events.disconnected).toHaveBeenCalledWith(error, null)
  })

  test('drop a link, and the session goes on over the next one', async () => {
    const { faults, device, connection } = await createWorld()
    let answer = (_: string) => {}
    device.handle(
      'slow',
      () =>
        new Promise<string>((resolve) => {
          answer = resolve
        }),
    )
    const asked = connection.request('slow')
    await eventually(() => expect(stateOf(connection)).toBe('open'))
    faults.drop('laptop', 'device')
    expect(stateOf(connection)).toBe('reconnecting')
    await eventually(() => expect(connection.$status.value).toMatchObject({ state: 'open', link: 2 }))
    answer('done')
    expect(await asked).toBe('done')
  })

  test('pull the cable: silence is noticed, and what waited goes on when it is plugged in', async () => {
    const { faults, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    const unlisten = connection.$status.listen(() => {})
    await connection.request('double', 1)
    faults.set('laptop', 'device', { isCut: true })
    expect(faults.isAny).toBe(true)
    const asked = connection.request('double', 2)
    await eventually(() => expect(stateOf(connection)).toBe('unstable'))
    faults.set('laptop', 'device', { isCut: false })
    expect(await asked).toBe(4)
    await eventually(() => expect(stateOf(connection)).toBe('open'))
    unlisten()
  })

  test('refuse: dials fail in either direction, and say who it was', async () => {
    const { faults, laptop, device, connection } = await createWorld()
    await laptop.open()
    await connection.close()
    faults.set('laptop', 'device', { isRefused: true })
    const asked = connection.request('x').catch((error: Error) => error.message)
    expect(await asked).toBe('The developer tools refuse this remote.')
    const theirs = device.connect('laptop', { timeout: 100 }).request('x')
    await expect(theirs).rejects.toMatchObject({ name: 'NanopeerError', code: 'TIMEOUT' })
    faults.heal()
    connection.reconnect()
    await eventually(() => expect(stateOf(connection)).toBe('open'))
  })

  test('delay what travels both ways', async () => {
    const { faults, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 1)
    faults.set('laptop', 'device', { delay: 60 })
    const before = performance.now()
    expect(await connection.request('double', 2)).toBe(4)
    // Timers may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(118)
  })

  test('are forgotten with the links of a pair that nothing is wrong with', async () => {
    const { faults, device, connection } = await createWorld()
    device.handle('double', (input) => 2 * Number(input))
    await connection.request('double', 1)
    await connection.close()
    await eventually(() => expect(faults).toMatchObject({ faults: new Map(), links: new Map() }))
  })
})

describe('a delay line', () => {
  test('keeps the order, whatever the delay becomes meanwhile', async () => {
    const quality = { delay: 30, isCut: false }
    const line = new DelayLine(quality)
    const passed: number[] = []
    for (let number = 0; number < 20; number++) {
      quality.delay = number % 2 === 0 ? 30 : 0
      line.push(() => passed.push(number))
    }
    line.changed()
    await eventually(() => expect(passed).toHaveLength(20))
    expect(passed).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  test('passes on at once where nothing is wrong, and holds everything while it is cut', async () => {
    const quality = { delay: 0, isCut: false }
    const line = new DelayLine(quality)
    const passed: string[] = []
    line.push(() => passed.push('at once'))
    expect(passed).toEqual(['at once'])
    quality.isCut = true
    line.push(() => passed.push('later'))
    expect(line.isEmpty).toBe(false)
    quality.isCut = false
    line.changed()
    await eventually(() => expect(passed).toEqual(['at once', 'later']))
  })
})
