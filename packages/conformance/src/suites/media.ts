import { type Connection, type Skip, skip } from '@nanopeer/core'
import type { MediaState } from '@nanopeer/core/adapter'
import { expect, test } from 'vitest'
import { unknown, watch } from '../actions'
import type { Hooks } from '../harness'
import { connect, eventually, type Stage, turns } from './support'

interface Props {
  readonly connection: Connection | null
  readonly camera: string | null
  readonly enabled?: boolean
}

const describe = ({ status, stream, error, isPaused }: MediaState) =>
  [status, stream?.getTracks().map(({ kind }) => kind), error?.code, isPaused && 'paused']
    .filter((part) => part)
    .join(' ')

const inputOf = ({ camera }: Props): { camera: string } | Skip => (camera === null ? skip : { camera })

const screen = {
  setup: (hooks: Hooks, props: () => Props) =>
    hooks.useMedia<typeof watch>(() => {
      const { connection, enabled } = props()
      return [connection, watch, inputOf(props()), { enabled }]
    }),
  text: describe,
}

/** What `useMedia` does. */
export function mediaSuite(stage: () => Stage): void {
  test('a camera is watched while it is mounted, and no longer', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(screen, { connection, camera: 'back' } as Props)
    expect(mounted.texts()).toEqual(['pending'])
    await eventually(mounted.texts, ['active video'])
    expect(mounted.given().stream).toBeInstanceOf(MediaStream)
    mounted.unmount()
    await eventually(() => device.aborted, ['back'])
    expect(device.watched).toEqual(['back'])
  })

  test('another input watches another camera', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(screen, { connection, camera: 'back' } as Props)
    await eventually(mounted.texts, ['active video'])
    const { stream } = mounted.given()
    mounted.update({ connection, camera: 'front' })
    await eventually(() => mounted.given().stream !== stream && mounted.texts(), ['active video'])
    await eventually(() => device.aborted, ['back'])
    expect(device.watched).toEqual(['back', 'front'])
  })

  test('those who watch the same share one stream', async () => {
    const { mount, device, connection } = await connect(stage())
    const [one, other] = [1, 2].map(() => mount(screen, { connection, camera: 'back' } as Props))
    for (const mounted of [one, other]) await eventually(() => mounted?.texts(), ['active video'])
    expect(one?.given().stream).toBe(other?.given().stream)
    one?.unmount()
    await turns()
    expect(other?.texts()).toEqual(['active video'])
    expect([device.watched, device.aborted]).toEqual([['back'], []])
  })

  test('no connection yet, skip for an input, or not enabled is idle', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(screen, { connection: null, camera: 'back' } as Props)
    expect(mounted.texts()).toEqual(['idle'])
    for (const props of [
      { connection, camera: null },
      { connection, camera: 'back', enabled: false },
    ]) {
      mounted.update(props)
      await turns()
      expect(mounted.texts()).toEqual(['idle'])
    }
    expect(device.watched).toEqual([])
    mounted.update({ connection, camera: 'back' })
    await eventually(mounted.texts, ['active video'])
  })

  test('a camera that is unplugged has ended', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(screen, { connection, camera: 'back' } as Props)
    await eventually(mounted.texts, ['active video'])
    device.unplug()
    await eventually(mounted.texts, ['ended'])
  })

  test('a device that has restarted is watched again', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(screen, { connection, camera: 'back' } as Props)
    await eventually(mounted.texts, ['active video'])
    await device.restart()
    await eventually(() => device.watched, ['back', 'back'])
    await eventually(mounted.texts, ['active video'])
  })

  test('what the device refuses is shown', async () => {
    const { mount, connection } = await connect(stage())
    const refused = {
      setup: (hooks: Hooks) => hooks.useMedia(() => [connection, unknown.name, undefined] as const),
      text: describe,
    }
    await eventually(mount(refused, {}).texts, ['error UNKNOWN_ACTION'])
  })
}
