import { expect, test } from 'vitest'
import { fail, list, unknown } from '../actions'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { describe, listing, type OptionProps, type Props, withOptions } from './listing'
import { again, connect, connected, eventually, type Stage, turns } from './support'

/** What `useRequest` asks, and shows. */
export function requestSuite(stage: () => Stage): void {
  test('a request is pending while there is no link, and then while the device works, and then there is data', async () => {
    const { mount, device, connection } = await connect(stage())
    device.hold()
    const mounted = mount(listing, { connection, path: '/' } as Props)
    expect(mounted.texts()).toEqual(['pending fetching paused'])
    await eventually(mounted.texts, ['pending fetching'])
    await eventually(() => device.asked, ['/'])
    expect(mounted.given().isPending).toBe(true)
    device.release()
    await eventually(mounted.texts, ['success / #1'])
    expect(mounted.given().isPending).toBe(false)
  })

  test('components that ask the same share one request, and later ones its answer', async () => {
    const { mount, device, connection } = await connected(stage())
    const both = mount(listing, { connection, path: '/' } as Props, 2)
    await eventually(both.texts, ['success / #1', 'success / #1'])
    const third = mount(listing, { connection, path: '/' } as Props)
    await eventually(third.texts, ['success / #1'])
    expect(device.asked).toEqual(['/'])
  })

  test('an inline input does not ask again in every render', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(listing, { connection, path: '/', render: 0 } as Props)
    await eventually(mounted.texts, ['success / #1'])
    for (let render = 1; render < 4; render++) {
      mounted.update({ connection, path: '/', render })
      await turns()
    }
    await connection.request(list, { path: 'after' })
    expect(device.asked).toEqual(['/', 'after'])
    expect(mounted.texts()).toEqual(['success / #1'])
  })

  test('another input shows no data until its own is there', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(listing, { connection, path: '/a' } as Props)
    await eventually(mounted.texts, ['success /a #1'])
    device.hold()
    mounted.update({ connection, path: '/b' })
    await eventually(mounted.texts, ['pending fetching'])
    device.release()
    await eventually(mounted.texts, ['success /b #2'])
  })

  test('keepPrevious shows the data of the input before until there is some', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(listing, { connection, path: '/a', keepPrevious: true } as Props)
    await eventually(mounted.texts, ['success /a #1'])
    device.hold()
    mounted.update({ connection, path: '/b', keepPrevious: true })
    await eventually(mounted.texts, ['success /a #1 fetching'])
    mounted.update({ connection, path: '/c', keepPrevious: true })
    await eventually(() => device.asked.at(-1), '/c')
    expect(mounted.texts()).toEqual(['success /a #1 fetching'])
    device.release()
    await eventually(mounted.texts, ['success /c #3'])
  })

  test('data is never carried over to another connection', async () => {
    const { world, mount, device, peer, connection } = await connected(stage())
    const other = await startDevice(world, world.id('other'))
    const toOther = peer.connect(other.id, world.dialling)
    const mounted = mount(listing, { connection, path: '/', keepPrevious: true } as Props)
    await eventually(mounted.texts, ['success / #1'])
    other.hold()
    mounted.update({ connection: toOther, path: '/', keepPrevious: true })
    await eventually(mounted.texts, ['pending fetching'])
    other.release()
    await eventually(mounted.texts, ['success / #1'])
    expect([device.asked, other.asked]).toEqual([['/'], ['/']])
  })

  test('an abort is an error here, and a signal at the device', async () => {
    const { mount, device, connection } = await connected(stage())
    device.hold()
    const mounted = mount(listing, { connection, path: '/' } as Props)
    await eventually(() => device.asked, ['/'])
    mounted.given().abort()
    await eventually(mounted.texts, ['error ABORTED'])
    await eventually(() => device.aborted, ['/'])
    device.release()
    await mounted.given().refetch()
    await eventually(mounted.texts, ['success / #2'])
  })

  test('an unmount aborts at the device, but only when it was the last that asked', async () => {
    const { mount, device, connection } = await connected(stage())
    device.hold()
    const one = mount(listing, { connection, path: '/' } as Props)
    const other = mount(listing, { connection, path: '/' } as Props)
    await eventually(() => device.asked, ['/'])
    one.unmount()
    await turns()
    expect(connection.$requests.get()).toHaveLength(1)
    other.unmount()
    await eventually(() => device.aborted, ['/'])
    expect(connection.$requests.get()).toEqual([])
  })

  test('another input aborts the request of the one before at the device', async () => {
    const { mount, device, connection } = await connected(stage())
    device.hold()
    const mounted = mount(listing, { connection, path: '/a' } as Props)
    await eventually(() => device.asked, ['/a'])
    mounted.update({ connection, path: '/b' })
    await eventually(() => device.aborted, ['/a'])
    device.release()
    await eventually(mounted.texts, ['success /b #2'])
  })

  test('what a handler throws on purpose arrives as itself', async () => {
    const { mount, connection } = await connected(stage())
    const mounted = mount(
      {
        setup: (hooks, props) =>
          hooks.useRequest<typeof fail>(() => [props().connection, fail, props().input]),
        text: describe,
      },
      { connection, input: { how: 'folder' as const } },
    )
    await eventually(mounted.texts, ['error 404'])
    const { error } = mounted.given()
    expect(error?.name).toBe('ActionError')
    expect(error?.message).toBe('No such folder')
    expect(error?.name === 'ActionError' && error.data).toEqual({ path: '/' })
  })

  test('what else goes wrong is an error of nanopeer', async () => {
    const { mount, connection } = await connected(stage())
    const mounted = mount(
      {
        setup: (hooks, props) => ({
          bug: hooks.useRequest<typeof fail>(() => [props().connection, fail, { how: 'bug' }]),
          none: hooks.useRequest<typeof unknown>(() => [props().connection, unknown, undefined]),
          wrong: hooks.useRequest<string>(() => [props().connection, 'list', { path: new Map() }]),
        }),
        text: ({ bug, none, wrong }) => [bug, none, wrong].map(describe).join(),
      },
      { connection },
    )
    await eventually(mounted.texts, ['error HANDLER_FAILED,error UNKNOWN_ACTION,error INVALID_INPUT'])
    expect(mounted.given().bug.error?.name).toBe('NanopeerError')
  })

  test('an input that contains itself, in any number of ways, is an error in every render', async () => {
    const { mount, connection } = await connected(stage())
    const createTree = () => {
      let reads = 0
      const files: unknown[] = []
      const folder = {
        get age() {
          // Whoever walks all its ways never comes to an end.
          if (++reads > 10_000) throw new Error('read without an end')
          return 1
        },
        files,
      }
      files.push({ folder }, { folder })
      return folder
    }
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { input: unknown }) =>
          hooks.useRequest<string>(() => [connection, 'list', props().input]),
        text: ({ status, error }) => `${status} ${error?.code}`,
      },
      { input: createTree() as unknown },
    )
    await eventually(mounted.texts, ['error INVALID_INPUT'])
    mounted.update({ input: createTree() })
    await turns()
    expect(mounted.texts()).toEqual(['error INVALID_INPUT'])
    expect(mounted.given().error?.message).toContain('contains itself')
  })

  test('no connection yet, or skip for an input, is idle and asks nothing', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(listing, { connection: null, path: '/' } as Props)
    expect(mounted.texts()).toEqual(['idle'])
    mounted.update({ connection, path: null })
    await turns()
    expect(mounted.texts()).toEqual(['idle'])
    await mounted.given().refetch()
    expect(device.asked).toEqual([])
    mounted.update({ connection, path: '/' })
    await eventually(mounted.texts, ['success / #1'])
    mounted.update({ connection, path: null })
    await eventually(mounted.texts, ['idle'])
  })

  test('a request is made by a component that reads nothing of it', async () => {
    const { mount, device, connection } = await connect(stage())
    mount({ ...listing, text: () => 'nothing' }, { connection, path: '/' } as Props)
    await eventually(() => device.asked, ['/'])
  })

  test('a request that is not enabled asks nothing, keeps its data, and asks when told to', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(withOptions, { connection, options: { enabled: false } } as OptionProps)
    expect(mounted.texts()).toEqual(['idle'])
    expect(mounted.given().isPending).toBe(true)
    await turns()
    expect(device.asked).toEqual([])
    await mounted.given().refetch()
    await eventually(mounted.texts, ['success / #1'])
    await turns()
    mounted.update({ connection, options: { enabled: true } })
    await eventually(mounted.texts, ['success / #2'])
    mounted.update({ connection, options: { enabled: false } })
    await turns()
    expect(mounted.texts()).toEqual(['success / #2'])
    await device.restart()
    await connection.request(list, { path: 'after' }, again)
    expect(device.asked).toEqual(['/', '/', 'after'])
  })

  test('data to begin with is shown until the device has answered', async () => {
    const { mount, device, connection } = await connected(stage())
    device.hold()
    const mounted = mount(withOptions, { connection, options: { initialData: 'old' } } as OptionProps)
    expect(mounted.texts()[0]).toContain('success old fetching')
    device.release()
    await eventually(mounted.texts, ['success / #1'])
  })

  test('select chooses what is shown, for each component by itself, and the request is shared', async () => {
    const { mount, device, connection } = await connected(stage())
    const length = { select: (answer: string) => `${answer.length} characters` }
    const one = mount(withOptions, { connection, options: length } as OptionProps)
    const other = mount(withOptions, { connection, options: {} } as OptionProps)
    await eventually(one.texts, ['success 4 characters'])
    await eventually(other.texts, ['success / #1'])
    const mark = (sign: string) => ({ select: (answer: string) => answer + sign })
    one.update({ connection, options: mark('!') })
    await eventually(one.texts, ['success / #1!'])
    one.update({ connection, options: mark('?') })
    await eventually(one.texts, ['success / #1?'])
    expect(device.asked).toEqual(['/'])
  })
}
