import type { Connection } from '@nanopeer/core'
import { describe, expect, test } from 'vitest'
import { DelayLine } from '../../src/faults/delay-line'
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
