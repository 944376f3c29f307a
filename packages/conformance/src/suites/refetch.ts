import { type Connection, invalidate } from '@nanopeer/core'
import { expect, test, vi } from 'vitest'
import { fail, list, unknown } from '../actions'
import type { Hooks } from '../harness'
import { describe, listing, type OptionProps, type Props, withOptions } from './listing'
import { again, connected, eventually, type Stage, turns } from './support'

/** When `useRequest` asks again. */
export function refetchSuite(stage: () => Stage): void {
  test('a refetch keeps what is shown, and two at once are one', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(listing, { connection, path: '/' } as Props)
    await eventually(mounted.texts, ['success / #1'])
    device.hold()
    const refetched = Promise.all([mounted.given().refetch(), mounted.given().refetch()])
    await eventually(mounted.texts, ['success / #1 fetching'])
    device.release()
    await refetched
    await eventually(mounted.texts, ['success / #2'])
    expect(device.asked).toEqual(['/', '/'])
  })

  test('a device that has restarted is asked again, and the data kept meanwhile', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(listing, { connection, path: '/' } as Props)
    await eventually(mounted.texts, ['success / #1'])
    device.hold()
    await device.restart()
    await eventually(mounted.texts, ['success / #1 fetching'])
    device.release()
    await eventually(mounted.texts, ['success / #2'])
  })

  test('a request that was lost with the device is made again when it is back', async () => {
    const { mount, device, connection } = await connected(stage())
    device.hold()
    const mounted = mount(listing, { connection, path: '/' } as Props)
    await eventually(() => device.asked, ['/'])
    await device.restart()
    device.release()
    await eventually(mounted.texts, ['success / #2'])
  })

  test('a refetch during a flight asks once more behind it, for all who ask meanwhile', async () => {
    const { mount, device, connection } = await connected(stage())
    device.hold()
    const mounted = mount(listing, { connection, path: '/' } as Props)
    await eventually(() => device.asked, ['/'])
    // What is in flight may have been answered before whatever happened now.
    const refetched = Promise.all([mounted.given().refetch(), mounted.given().refetch()])
    await turns()
    expect(device.asked).toEqual(['/'])
    device.release()
    await refetched
    await eventually(mounted.texts, ['success / #2'])
    expect(device.asked).toEqual(['/', '/'])
    expect(device.aborted).toEqual([])
  })

  test('an answer that says what the one before said renders nothing anew', async () => {
    const { mount, device, connection } = await connected(stage())
    let asked = 0
    device.peer.handle('files', () => {
      asked++
      return [{ path: '/', sizes: [1, 2] }]
    })
    const answers = new Set<unknown>()
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { connection: Connection }) =>
          hooks.useRequest<string>(() => [props().connection, 'files', null]),
        text: ({ status, data }) => {
          if (data) answers.add(data)
          return status
        },
      },
      { connection },
    )
    await eventually(mounted.texts, ['success'])
    await mounted.given().refetch()
    await eventually(() => mounted.given().isFetching, false)
    expect([asked, answers.size]).toEqual([2, 1])
  })

  test('a request with an interval asks again and again, by the shortest of all, and not while hidden', async () => {
    const { mount, device, connection } = await connected(stage())
    const slow = mount(withOptions, { connection, options: { refetchInterval: 3_600_000 } } as OptionProps)
    const mounted = mount(withOptions, { connection, options: { refetchInterval: 20 } } as OptionProps)
    await eventually(() => device.asked.length > 3, true)
    const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    // Nothing begins while it is hidden.
    await eventually(() => connection.$requests.get(), [])
    const asked = device.asked.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(device.asked).toHaveLength(asked)
    state.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    await eventually(() => device.asked.length > asked, true)
    mounted.unmount()
    await turns()
    await eventually(() => connection.$requests.get(), [])
    await eventually(slow.texts, [`success / #${device.asked.length}`])
    const last = device.asked.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(device.asked).toHaveLength(last)
  })

  test('a device that has restarted is not asked again where that is not wanted', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(withOptions, { connection, options: { refetchOnReconnect: false } } as OptionProps)
    await eventually(mounted.texts, ['success / #1'])
    await device.restart()
    await connection.request(list, { path: 'after' }, again)
    expect(device.asked).toEqual(['/', 'after'])
    expect(mounted.texts()).toEqual(['success / #1'])
  })

  test('a request that has failed is made again by a component that comes later', async () => {
    const { mount, connection } = await connected(stage())
    const failing = {
      setup: (hooks: Hooks, props: () => { connection: Connection }) =>
        hooks.useRequest<typeof unknown>(() => [props().connection, unknown, undefined]),
      text: describe,
    }
    const first = mount(failing, { connection })
    await eventually(first.texts, ['error UNKNOWN_ACTION'])
    const seen: string[] = []
    const later = mount(
      {
        ...failing,
        text: (view) => {
          seen.push(view.status)
          return view.status
        },
      },
      { connection },
    )
    expect(seen[0]).toBe('pending')
    await eventually(later.texts, ['error'])
  })

  test('what is invalidated is asked again by those who show it', async () => {
    const { mount, device, connection } = await connected(stage())
    const one = mount(listing, { connection, path: '/a' } as Props)
    const other = mount(listing, { connection, path: '/b' } as Props)
    await eventually(
      () => [...one.texts(), ...other.texts()].every((text) => text.startsWith('success')),
      true,
    )
    const asked = device.asked.length
    await invalidate(connection, list, { path: '/a' })
    expect(device.asked.slice(asked)).toEqual(['/a'])
    await invalidate(connection, list)
    expect([...device.asked.slice(asked)].sort()).toEqual(['/a', '/a', '/b'])
    await invalidate(connection, fail)
    expect(device.asked).toHaveLength(asked + 3)
  })
}
