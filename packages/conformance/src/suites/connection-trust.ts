import { type Connection, generateSecret } from '@nanopeer/core'
import { expect, test } from 'vitest'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { type ConnectionProps, connectionBadge, dialling } from './connection'
import { eventually, type Stage, turns } from './support'

/** The same for a device with a secret. */
const locked = {
  ...connectionBadge,
  setup: (hooks: Hooks, props: () => ConnectionProps & { readonly secret: string }) =>
    hooks.useConnection(() => [props().peer, props().id, { ...dialling, secret: props().secret }]),
}

/** Whom a connection trusts: what `useConnection` and `useConnections` make of `secret`, `key` and `protocol`. */
export function connectionTrustSuite(stage: () => Stage): void {
  test('a wrong secret is refused, one that cannot be is shown, and the right one opens', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const mounted = mount(locked, { peer, id: device.id, secret: generateSecret() })
    await eventually(mounted.texts, ['closed REFUSED'])
    const { connection } = mounted.given()
    mounted.update({ peer, id: device.id, secret: 'typed' })
    await eventually(mounted.texts, ['closed INVALID_INPUT'])
    mounted.update({ peer, id: device.id, secret })
    await eventually(mounted.texts, ['open'])
    expect(mounted.given().connection).toBe(connection)
  })

  test('a second component with another secret is told so, and the session of the first goes on', async () => {
    const { world, mount } = stage()
    const [secret, other] = [generateSecret(), generateSecret()]
    const device = await world.peer({ secret })
    const asked = device.$connections
    const peer = await world.peer()
    const first = mount(locked, { peer, id: device.id, secret })
    await eventually(first.texts, ['open'])
    const session = asked.value?.[0]
    const second = mount(locked, { peer, id: device.id, secret: other })
    expect([second.texts(), second.given().connection]).toEqual([['connecting'], null])
    await eventually(second.texts, ['closed INVALID_INPUT'])
    expect(second.given().connection).toBe(null)
    await turns()
    expect([first.texts(), asked.value]).toEqual([['open'], [session]])
    first.unmount()
    await eventually(second.texts, ['closed REFUSED'])
    second.update({ peer, id: device.id, secret })
    await eventually(second.texts, ['open'])
  })

  test('whoever is there first may change the secret, and is not made to give way to a second that differs', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const first = mount(locked, { peer, id: device.id, secret: generateSecret() })
    const second = mount(locked, { peer, id: device.id, secret: generateSecret() })
    await eventually(first.texts, ['closed REFUSED'])
    await eventually(second.texts, ['closed INVALID_INPUT'])
    first.update({ peer, id: device.id, secret })
    await eventually(first.texts, ['open'])
    await turns()
    expect(second.texts()).toEqual(['closed INVALID_INPUT'])
    second.update({ peer, id: device.id, secret })
    await eventually(second.texts, ['open'])
    expect(second.given().connection).toBe(first.given().connection)
  })

  test('components that show one secret change it together, and none is told of another one', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const seen = new Set<string>()
    const props = { peer, id: device.id, secret: generateSecret() }
    const both = mount(
      {
        ...locked,
        text: (given: Parameters<typeof connectionBadge.text>[0] & { connection: Connection | null }) => {
          seen.add(`${given.error?.code} ${given.connection !== null}`)
          return connectionBadge.text(given)
        },
      },
      props,
      2,
    )
    await eventually(both.texts, ['closed REFUSED', 'closed REFUSED'])
    both.update({ ...props, secret })
    await eventually(both.texts, ['open', 'open'])
    expect([...seen].sort()).toEqual(['REFUSED true', 'undefined true'])
  })

  test('a component that takes the place of another has its secret at once', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const peer = await world.peer()
    const wrong = mount(locked, { peer, id: device.id, secret: generateSecret() })
    await eventually(wrong.texts, ['closed REFUSED'])
    const seen: string[] = []
    const text = (given: Parameters<typeof connectionBadge.text>[0]) => {
      seen.push(connectionBadge.text(given))
      return connectionBadge.text(given)
    }
    // Keyed anew, one comes before the other is gone, or after it: that is the framework's affair.
    const right = mount({ ...locked, text }, { peer, id: device.id, secret })
    wrong.unmount()
    await eventually(right.texts, ['open'])
    expect(seen).not.toContain('closed INVALID_INPUT')
  })

  test('a second component with another protocol or key is told so as well, in a list, too', async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer()
    const first = mount(connectionBadge, { peer, id: device.id })
    const named = mount(
      {
        ...connectionBadge,
        setup: (hooks: Hooks, props: () => ConnectionProps) =>
          hooks.useConnection(() => [props().peer, props().id, { ...dialling, protocol: 'nanopeer' }]),
      },
      { peer, id: device.id },
    )
    await eventually(first.texts, ['open'])
    const list = mount(
      {
        setup: (hooks: Hooks) =>
          hooks.useConnections(() => [peer, [device.id, 'typed/'], { ...dialling, protocol: 'plain' }]),
        text: ({ connections, online }) =>
          [online, ...connections.map(({ status, error }) => `${status} ${error?.code}`)].join(),
      },
      {},
    )
    await eventually(list.texts, ['0,closed INVALID_INPUT,closed INVALID_ID'])
    expect([first.texts(), named.texts()]).toEqual([['open'], ['open']])
    expect(list.given().connections[0]?.error?.message).toContain('protocol')
  })
}
