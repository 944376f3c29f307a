import { action, type Connection } from '@nanopeer/core'
import type { ActionView } from '@nanopeer/core/adapter'
import { expect, test } from 'vitest'
import { fail, list, read, write } from '../actions'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { connected, eventually, type Stage, turns } from './support'

interface Props {
  readonly connection: Connection | null
}

const describe = ({
  status,
  data,
  error,
}: {
  status: string
  data: unknown
  error: { code: unknown } | null
}) => [status, data, error?.code].filter((part) => part !== undefined && part !== null).join(' ')

const lister = {
  setup: (hooks: Hooks, props: () => Props) => hooks.useAction(() => [props().connection, list]),
  text: describe,
}

const codeOf = (asked: Promise<unknown> | undefined) =>
  Promise.resolve(asked).then(
    () => 'fulfilled',
    (error) => error.code,
  )

/** What `useAction` does. */
export function actionSuite(stage: () => Stage): void {
  test('an action runs when told to, and shows its run', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(lister, { connection })
    expect(mounted.texts()).toEqual(['idle'])
    device.hold()
    const run = mounted.given().run({ path: '/' })
    await eventually(mounted.texts, ['pending'])
    expect(mounted.given().isPending).toBe(true)
    await eventually(() => device.asked, ['/'])
    device.release()
    expect(await run).toBe('/ #1')
    await eventually(mounted.texts, ['success / #1'])
    mounted.given().reset()
    await eventually(mounted.texts, ['idle'])
  })

  test('a run that fails rejects, and shows why', async () => {
    const { mount, connection } = await connected(stage())
    const mounted = mount(
      { setup: (hooks, props) => hooks.useAction(() => [props().connection, fail]), text: describe },
      { connection },
    )
    expect(await codeOf(mounted.given().run({ how: 'folder' }))).toBe(404)
    await eventually(mounted.texts, ['error 404'])
    expect(await codeOf(mounted.given().run({ how: 'bug' }))).toBe('HANDLER_FAILED')
    await eventually(mounted.texts, ['error HANDLER_FAILED'])
  })

  test('runs do not cancel each other, and the latest is shown', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(lister, { connection })
    device.hold()
    const one = mounted.given().run({ path: '/one' })
    await eventually(() => device.asked, ['/one'])
    const other = mounted.given().run({ path: '/other' })
    await eventually(() => device.asked, ['/one', '/other'])
    device.release()
    expect(await Promise.all([one, other])).toEqual(['/one #1', '/other #2'])
    await eventually(mounted.texts, ['success /other #2'])
  })

  test('a run goes on after an unmount', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(lister, { connection })
    device.hold()
    const run = mounted.given().run({ path: '/' })
    await eventually(() => device.asked, ['/'])
    mounted.unmount()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    device.release()
    expect(await run).toBe('/ #1')
    expect(device.aborted).toEqual([])
  })

  test('an abort ends the run, here and at the device', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(lister, { connection })
    device.hold()
    const run = codeOf(mounted.given().run({ path: '/' }))
    await eventually(() => device.asked, ['/'])
    mounted.given().abort()
    expect(await run).toBe('ABORTED')
    await eventually(mounted.texts, ['error ABORTED'])
    await eventually(() => device.aborted, ['/'])
  })

  test('a signal of the caller ends a run as well', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(lister, { connection })
    device.hold()
    const controller = new AbortController()
    const run = codeOf(mounted.given().run({ path: '/' }, { signal: controller.signal }))
    await eventually(() => device.asked, ['/'])
    controller.abort()
    expect(await run).toBe('ABORTED')
    await eventually(() => device.aborted, ['/'])
  })

  test('an upload shows its progress', async () => {
    const { mount, device, connection } = await connected(stage())
    const seen: number[] = []
    const mounted = mount(
      {
        setup: (hooks, props) => hooks.useAction(() => [props().connection, write]),
        text: ({ status, progress }) => {
          if (progress) seen.push(progress.loaded)
          return `${status} ${progress?.loaded} of ${progress?.total}`
        },
      },
      { connection },
    )
    const size = 3_000_000
    device.hold()
    const run = mounted.given().run(undefined, { body: new Blob([new Uint8Array(size)]) })
    // The device has stopped reading, so some of it is still to come.
    await eventually(() => seen.length > 0, true)
    expect(seen[0]).toBeLessThan(size)
    device.release()
    expect(await run).toBe(size)
    await eventually(mounted.texts, [`success ${size} of ${size}`])
  })

  test('a download shows its progress, and is pending until it has been read', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(
      {
        setup: (hooks, props) => hooks.useAction(() => [props().connection, read]),
        text: ({ status, progress }) => `${status} ${progress?.loaded} of ${progress?.total}`,
      },
      { connection },
    )
    const size = 200_000
    device.hold()
    const response = await mounted.given().run({ size })
    await eventually(() => mounted.given().data, response)
    expect(response.headers.get('content-length')).toBe(`${size}`)
    const blob = response.blob()
    await eventually(() => (mounted.given().progress?.loaded ?? 0) >= 65_536, true)
    expect(mounted.given().isPending).toBe(true)
    device.release()
    expect((await blob).size).toBe(size)
    await eventually(mounted.texts, [`success ${size} of ${size}`])
  })

  test('a download that is aborted breaks off for its reader', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(
      {
        setup: (hooks, props) => hooks.useAction(() => [props().connection, read]),
        text: ({ status }) => status,
      },
      { connection },
    )
    device.hold()
    const response = await mounted.given().run({ size: 200_000 })
    // `blob()` would wrap the error in one of its own.
    const received = codeOf(response.body?.pipeTo(new WritableStream()))
    mounted.given().abort()
    expect(await received).toBe('ABORTED')
    await eventually(mounted.texts, ['error'])
    expect(mounted.given().error?.code).toBe('ABORTED')
    device.release()
  })

  test('a run without a connection is refused', async () => {
    const { mount, connection } = await connected(stage())
    const mounted = mount(lister, { connection: null } as Props)
    const given: ActionView<typeof list> = mounted.given()
    expect(await codeOf(given.run({ path: '/' }))).toBe('INVALID_INPUT')
    await eventually(mounted.texts, ['error INVALID_INPUT'])
    mounted.update({ connection })
    await eventually(mounted.texts, ['idle'])
    expect(await given.run({ path: '/' })).toBe('/ #1')
  })

  test('a run is within reach again when its device is shown again', async () => {
    const { world, mount, device, peer, connection } = await connected(stage())
    const other = peer.connect((await startDevice(world, world.id('other'))).id, world.dialling)
    const mounted = mount(lister, { connection })
    device.hold()
    const run = codeOf(mounted.given().run({ path: '/' }))
    await eventually(() => device.asked, ['/'])
    mounted.update({ connection: other })
    await eventually(mounted.texts, ['idle'])
    mounted.update({ connection })
    await eventually(mounted.texts, ['pending'])
    mounted.given().abort()
    expect(await run).toBe('ABORTED')
    await eventually(() => device.aborted, ['/'])
  })

  test('an action that is made in the body of a component is the same one in every render', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => Props) =>
          hooks.useAction(() => [props().connection, action<{ path: string }, string>('list')]),
        text: describe,
      },
      { connection } as Props,
    )
    device.hold()
    const run = mounted.given().run({ path: '/' })
    await eventually(mounted.texts, ['pending'])
    mounted.update({ connection })
    await turns()
    expect(mounted.texts()).toEqual(['pending'])
    device.release()
    await run
    await eventually(mounted.texts, ['success / #1'])
  })

  test('callbacks of the latest render hear of a run, after an unmount, too', async () => {
    const { mount, device, connection } = await connected(stage())
    const heard: string[] = []
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => Props & { name: string }) =>
          hooks.useAction<typeof list>(() => {
            const { name } = props()
            return [
              props().connection,
              list,
              {
                onSuccess: (data, { path }) => heard.push(`${name} has ${data} of ${path}`),
                onError: ({ code }, { path }) => heard.push(`${name} has ${code} of ${path}`),
                onSettled: () => heard.push(`${name} is over`),
              },
            ]
          }),
        text: ({ status, variables }) => [status, variables?.path].filter(Boolean).join(' '),
      },
      { connection, name: 'one' } as Props & { name: string },
    )
    device.hold()
    const run = mounted.given().run({ path: '/' })
    await eventually(mounted.texts, ['pending /'])
    mounted.update({ connection, name: 'other' })
    await eventually(mounted.texts, ['pending /'])
    await turns()
    mounted.unmount()
    device.release()
    await run
    expect(heard).toEqual(['other has / #1 of /', 'other is over'])
  })

  test('a result is the answer or the error, and nothing need be caught', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(lister, { connection })
    const { data, error } = await mounted.given().tryRun({ path: '/' })
    expect([data, error]).toEqual(['/ #1', null])
    device.hold()
    const given = mounted.given().tryRun({ path: '/' })
    await eventually(() => device.asked.length, 2)
    mounted.given().abort()
    expect((await given).error?.code).toBe('ABORTED')
  })

  test('a download that is lost says so, however it is read', async () => {
    const { mount, device, connection } = await connected(stage())
    const mounted = mount(
      {
        setup: (hooks, props) => hooks.useAction(() => [props().connection, read]),
        text: ({ status }) => status,
      },
      { connection },
    )
    const readers: ((response: Response) => Promise<unknown>)[] = [
      (response) => response.blob(),
      (response) => response.text(),
      (response) => response.json(),
      (response) => response.arrayBuffer(),
      (response) => response.formData(),
      (response) => response.clone().text(),
      (response) => response.body?.pipeTo(new WritableStream()) ?? Promise.resolve(),
    ]
    device.hold()
    const responses = await Promise.all(readers.map(() => mounted.given().run({ size: 500_000 })))
    const reads = responses.map((response, index) => codeOf(readers[index]?.(response)))
    await device.restart()
    const codes = await Promise.all(reads)
    expect(new Set(codes)).toEqual(new Set(['CONNECTION_LOST']))
    device.release()
  })
}
