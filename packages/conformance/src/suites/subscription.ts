import { type Connection, type Skip, skip } from '@nanopeer/core'
import type { SubscriptionState } from '@nanopeer/core/adapter'
import { expect, test } from 'vitest'
import { follow } from '../actions'
import type { Hooks } from '../harness'
import { connect, eventually, type Stage, turns } from './support'

interface Props {
  readonly connection: Connection | null
  readonly topic: string | null
  /** What is added to each event by the `reduce` of this render. */
  readonly plus?: number
}

const describe = ({ status, data, error }: SubscriptionState<unknown>) =>
  [status, data, error?.code].filter((part) => part !== undefined).join(' ')

const inputOf = ({ topic }: Props): { topic: string } | Skip => (topic === null ? skip : { topic })

const latest = {
  setup: (hooks: Hooks, props: () => Props) =>
    hooks.useSubscription<typeof follow, number>(() => [props().connection, follow, inputOf(props())]),
  text: describe,
}

const all = {
  setup: (hooks: Hooks, props: () => Props) =>
    hooks.useSubscription<typeof follow, number[]>(() => {
      const { connection, plus = 0 } = props()
      return [
        connection,
        follow,
        inputOf(props()),
        { reduce: (events = [], event) => [...events, event + plus] },
      ]
    }),
  text: describe,
}

/** What `useSubscription` does. */
export function subscriptionSuite(stage: () => Stage): void {
  test('a subscription shows the latest event, and ends at the device with an unmount', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(latest, { connection, topic: 'log' } as Props)
    expect(mounted.texts()).toEqual(['pending'])
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    await eventually(mounted.texts, ['active 1'])
    device.emit(2)
    await eventually(mounted.texts, ['active 2'])
    mounted.unmount()
    await eventually(() => device.aborted, ['log'])
    expect(device.followed).toEqual(['log'])
  })

  test('a reduced subscription shows what has become of all events, by the latest function', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(all, { connection, topic: 'log', plus: 0 } as Props)
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    await eventually(mounted.texts, ['active 1'])
    mounted.update({ connection, topic: 'log', plus: 10 })
    await turns()
    device.emit(2)
    await eventually(mounted.texts, ['active 1,12'])
    expect(device.followed).toEqual(['log'])
  })

  test('another input begins another series without the data of the first', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(latest, { connection, topic: 'one' } as Props)
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    await eventually(mounted.texts, ['active 1'])
    mounted.update({ connection, topic: 'other' })
    await eventually(mounted.texts, ['active'])
    await eventually(() => device.aborted, ['one'])
  })

  test('a series that the device ends has ended, with its data', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(latest, { connection, topic: 'log' } as Props)
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    device.emit(null)
    await eventually(mounted.texts, ['ended 1'])
  })

  test('a device that has restarted is followed again, and the data kept', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(all, { connection, topic: 'log' } as Props)
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    await eventually(mounted.texts, ['active 1'])
    await device.restart()
    await eventually(() => device.followed, ['log', 'log'])
    await eventually(mounted.texts, ['active 1'])
    device.emit(2)
    await eventually(mounted.texts, ['active 1,2'])
  })

  test('no connection yet, or skip for an input, is idle', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(latest, { connection: null, topic: 'log' } as Props)
    expect(mounted.texts()).toEqual(['idle'])
    mounted.update({ connection, topic: null })
    await turns()
    expect(mounted.texts()).toEqual(['idle'])
    expect(device.followed).toEqual([])
    mounted.update({ connection, topic: 'log' })
    await eventually(mounted.texts, ['active'])
  })

  test('a subscription is held by a component that reads nothing of it', async () => {
    const { mount, device, connection } = await connect(stage())
    mount({ ...latest, text: () => 'nothing' }, { connection, topic: 'log' } as Props)
    await eventually(() => device.followed, ['log'])
    await turns()
    expect(device.aborted).toEqual([])
  })

  test('components that follow the same share one series, and who comes later sees the latest event', async () => {
    const { mount, device, connection } = await connect(stage())
    const both = mount(latest, { connection, topic: 'log' } as Props, 2)
    await eventually(both.texts, ['active', 'active'])
    device.emit(1)
    await eventually(both.texts, ['active 1', 'active 1'])
    const later = mount(latest, { connection, topic: 'log' } as Props)
    await eventually(later.texts, ['active 1'])
    expect(device.followed).toEqual(['log'])
    both.unmount()
    await turns()
    device.emit(2)
    await eventually(later.texts, ['active 2'])
    expect(device.aborted).toEqual([])
  })

  test('a flood of events is reduced to the last one, and rendered no faster than a screen shows', async () => {
    const { mount, device, connection } = await connect(stage())
    let renders = 0
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => Props) =>
          hooks.useSubscription<typeof follow, number>(() => [
            props().connection,
            follow,
            inputOf(props()),
            { reduce: (count = 0) => count + 1, throttle: 100 },
          ]),
        text: (state) => {
          renders++
          return describe(state)
        },
      },
      { connection, topic: 'log' } as Props,
    )
    await eventually(mounted.texts, ['active'])
    const before = renders
    const begin = performance.now()
    for (let event = 0; event < 500; event++) device.emit(event)
    await eventually(mounted.texts, ['active 500'])
    const frames = 2 + (performance.now() - begin) / 100
    // StrictMode renders twice.
    expect(renders - before).toBeLessThanOrEqual(2 * frames)
  })

  test('a subscription that is not enabled keeps its data, and goes on when it is again', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => Props & { enabled: boolean }) =>
          hooks.useSubscription<typeof follow, number>(() => [
            props().connection,
            follow,
            inputOf(props()),
            { enabled: props().enabled },
          ]),
        text: describe,
      },
      { connection, topic: 'log', enabled: true },
    )
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    await eventually(mounted.texts, ['active 1'])
    mounted.update({ connection, topic: 'log', enabled: false })
    await eventually(mounted.texts, ['idle 1'])
    await eventually(() => device.aborted, ['log'])
    mounted.update({ connection, topic: 'log', enabled: true })
    await eventually(mounted.texts, ['active 1'])
    device.emit(2)
    await eventually(mounted.texts, ['active 2'])
  })

  test('keepPrevious shows the data of the input before until there is some', async () => {
    const { mount, device, connection } = await connect(stage())
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => Props) =>
          hooks.useSubscription<typeof follow, number>(() => [
            props().connection,
            follow,
            inputOf(props()),
            { keepPrevious: true },
          ]),
        text: describe,
      },
      { connection, topic: 'one' } as Props,
    )
    await eventually(mounted.texts, ['active'])
    device.emit(1)
    await eventually(mounted.texts, ['active 1'])
    mounted.update({ connection, topic: 'other' })
    await eventually(() => device.followed, ['one', 'other'])
    await eventually(mounted.texts, ['active 1'])
    device.emit(2)
    await eventually(mounted.texts, ['active 2'])
  })
}
