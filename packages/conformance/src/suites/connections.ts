import { generateSecret, getPeer, type Peer } from '@nanopeer/core'
import type { ConnectionsView } from '@nanopeer/core/adapter'
import { expect, test } from 'vitest'
import { list } from '../actions'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { inMemory } from '../networks'
import { eventually, open, type Stage, turns } from './support'

interface Props {
  readonly peer: Peer | null
  readonly ids?: readonly string[]
}

const describe = ({ connections, online }: ConnectionsView) =>
  [...connections.map(({ id, status }) => `${id} ${status}`), online].join(', ')

const all = {
  setup: (hooks: Hooks, props: () => Props) => hooks.useConnections(() => [props().peer, props().ids]),
  text: describe,
}

/** What `useConnections` and `useRequests` do. */
export function connectionsSuite(stage: () => Stage): void {
  test('a peer says who is here, inbound ones too', async () => {
    const { world, mount } = stage()
    const peer = await world.peer({ accept: 'anyone' })
    const mounted = mount(all, { peer } as Props)
    expect(mounted.texts()).toEqual(['0'])
    const device = await startDevice(world)
    const release = device.peer.connect(peer.id).$status.listen(() => {})
    await eventually(mounted.texts, [`${device.id} open, 1`])
    release()
  })

  test('many ids are dialled, and each is shown with its status', async () => {
    const { world, mount } = stage()
    const devices = [await startDevice(world, world.id('one')), await startDevice(world, world.id('other'))]
    const ids = devices.map(({ id }) => id)
    const peer = await world.peer()
    const mounted = mount(all, { peer: null, ids } as Props)
    expect(mounted.texts()).toEqual(['0'])
    mounted.update({ peer, ids })
    await eventually(mounted.texts, [`${ids[0]} open, ${ids[1]} open, 2`])
    mounted.update({ peer, ids: [`${ids[1]}`, '-'] })
    await eventually(mounted.texts, [`${ids[1]} open, - closed, 1`])
    expect(mounted.given().connections[1]?.error?.code).toBe('INVALID_ID')
  })

  test('a row that says the same is the same object in a list that has grown', async () => {
    const { world, mount } = stage()
    const ids = [
      (await startDevice(world, world.id('one'))).id,
      (await startDevice(world, world.id('other'))).id,
    ]
    const peer = await world.peer()
    const mounted = mount(all, { peer, ids: ids.slice(0, 1) } as Props)
    await eventually(mounted.texts, [`${ids[0]} open, 1`])
    const [row] = mounted.given().connections
    mounted.update({ peer, ids })
    await eventually(mounted.texts, [`${ids[0]} open, ${ids[1]} open, 2`])
    expect(mounted.given().connections[0]).toBe(row)
  })

  test('a wrong secret of many is corrected, and one that cannot be is shown', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { secret: string }) =>
          hooks.useConnections(() => [peer, [device.id], { ...world.dialling, secret: props().secret }]),
        text: ({ connections }) => connections.map(({ status, error }) => `${status} ${error?.code}`).join(),
      },
      { secret: generateSecret() },
    )
    await eventually(mounted.texts, ['closed REFUSED'])
    mounted.update({ secret: 'typed' })
    await eventually(mounted.texts, ['closed INVALID_INPUT'])
    mounted.update({ secret })
    await eventually(mounted.texts, ['open undefined'])
    const { connection } = mounted.given().connections[0] ?? {}
    mounted.update({ secret: generateSecret() })
    await eventually(mounted.texts, ['closed REFUSED'])
    expect(mounted.given().connections[0]?.connection).toBe(connection)
  })

  test('the rows of a list render twice each, and what is around them three times', async () => {
    const { world, mount, network, bodiesPerRender } = stage()
    const peer = getPeer(world.id('laptop'), world.options)
    // As many real ones would be a test of the machine.
    const count = network === inMemory ? 50 : 5
    const ids = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const device = await startDevice(world, world.id(`device-${index}`))
        return device.id
      }),
    )
    const renders = new Map<number, number>()
    let around = 0
    const parent = mount(
      {
        setup: (hooks, props) => hooks.usePeer(() => [props().peer]),
        text: ({ status }) => {
          around++
          return status
        },
      },
      { peer },
    )
    const rows = mount(
      {
        setup: (hooks: Hooks, props: () => { peer: Peer }, copy) => ({
          copy,
          nas: hooks.useConnection(() => [props().peer, ids[copy], world.dialling]),
        }),
        text: ({ copy, nas }) => {
          renders.set(copy, (renders.get(copy) ?? 0) + 1)
          return nas.status
        },
      },
      { peer },
      count,
    )
    await eventually(() => new Set(rows.texts()), new Set(['open']))
    await eventually(parent.texts, ['open'])
    await turns()
    expect(Math.max(...renders.values())).toBeLessThanOrEqual(2 * bodiesPerRender)
    expect(around).toBeLessThanOrEqual(3 * bodiesPerRender)
  })

  test('what is under way is listed, and nothing where there is no connection yet', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const connection = (await world.peer()).connect(device.id, world.dialling)
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { connection: typeof connection | null }) =>
          hooks.useRequests(() => [props().connection]),
        text: ({ requests }) => requests.map(({ action }) => action).join(),
      },
      { connection: null },
    )
    await open(connection)
    device.hold()
    const asked = connection.request(list, { path: '/' })
    await eventually(() => device.asked, ['/'])
    expect(mounted.texts()).toEqual([''])
    mounted.update({ connection })
    await eventually(mounted.texts, ['list'])
    device.release()
    await asked
    await eventually(mounted.texts, [''])
  })
}
