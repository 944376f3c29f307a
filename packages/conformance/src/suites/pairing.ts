import { type Known, loadIdentity, type Peer } from '@nanopeer/core'
import { expect, test } from 'vitest'
import type { Hooks } from '../harness'
import type { World } from '../world'
import { eventually, type Stage, turns } from './support'

interface Props {
  readonly peer: Peer | null
}

const showing = {
  setup: (hooks: Hooks, props: () => Props) => hooks.usePairing(() => [props().peer]),
  text: ({ status, code, error }: ReturnType<Hooks['usePairing']>) => `${status} ${code} ${error?.code}`,
}

const joining = {
  setup: (hooks: Hooks, props: () => Props) => hooks.useJoin(() => [props().peer]),
  text: ({ status, remote, knownKey, error }: ReturnType<Hooks['useJoin']>) =>
    `${status} ${remote?.id} ${knownKey} ${error?.code}`,
}

const createKnown = (): Known => {
  const keys = new Map<string, string>()
  return {
    get: (id) => keys.get(id),
    set: (id, key) => void keys.set(id, key),
    delete: (id) => void keys.delete(id),
    list: () => [...keys].map(([id, key]) => ({ id, key })),
  }
}

/** What `usePairing` and `useJoin` do. */
export function pairingSuite(stage: () => Stage): void {
  const createDevices = async (world: World) => {
    const known = createKnown()
    const device = await world.peer({ identity: loadIdentity(world.id('device')) })
    const phone = await world.peer({ identity: loadIdentity(world.id('phone')), known })
    return { device, phone, known }
  }

  test('one shows a code, the other takes it, and both say with whom they are paired', async () => {
    const { world, mount } = stage()
    const { device, phone, known } = await createDevices(world)
    const shown = mount(showing, { peer: device } as Props)
    const taken = mount(joining, { peer: phone } as Props)
    expect([shown.texts(), taken.texts()]).toEqual([
      ['idle null undefined'],
      ['idle undefined null undefined'],
    ])
    shown.given().pair()
    await eventually(() => shown.given().status, 'waiting')
    expect(shown.texts()).toEqual([`waiting ${shown.given().code} undefined`])
    taken.given().join(shown.given().code as string)
    await eventually(() => taken.texts(), [`paired ${device.id} null undefined`])
    await eventually(() => shown.given().remote?.id, phone.id)
    expect(await known.get(device.id)).toBe(taken.given().remote?.key)
  })

  test('another key for a known id is asked about, and taken where the user wants it', async () => {
    const { world, mount } = stage()
    const { device, phone, known } = await createDevices(world)
    const before = 'B'.repeat(52)
    await known.set(device.id, before)
    const shown = mount(showing, { peer: device } as Props)
    const taken = mount(joining, { peer: phone } as Props)
    shown.given().pair()
    await eventually(() => shown.given().status, 'waiting')
    taken.given().join(shown.given().code as string)
    await eventually(() => taken.texts(), [`asking ${device.id} ${before} undefined`])
    taken.given().replace()
    await eventually(() => taken.given().status, 'paired')
    expect(await known.get(device.id)).not.toBe(before)
  })

  test('what was typed wrongly is shown as an error, and the next try begins anew', async () => {
    const { world, mount } = stage()
    const { device, phone } = await createDevices(world)
    const taken = mount(joining, { peer: phone } as Props)
    taken.given().join('not a code')
    await eventually(() => taken.texts(), ['failed undefined null INVALID_INPUT'])
    const shown = mount(showing, { peer: device } as Props)
    shown.given().pair()
    await eventually(() => shown.given().status, 'waiting')
    taken.given().join(shown.given().code as string)
    await eventually(() => taken.given().status, 'paired')
  })

  test('a code ends when it is cancelled, replaced by a new one, or seen by nobody any more', async () => {
    const { world, mount } = stage()
    const { device } = await createDevices(world)
    const shown = mount(showing, { peer: device } as Props)
    shown.given().pair()
    await eventually(() => shown.given().status, 'waiting')
    const first = shown.given().code
    shown.given().pair()
    await eventually(() => shown.given().status === 'waiting' && shown.given().code !== first, true)
    shown.given().cancel()
    await eventually(() => shown.given().error?.code, 'ABORTED')
    shown.given().pair()
    await eventually(() => shown.given().status, 'waiting')
    const rendezvous = `nanopeer-pair-${shown.given().code?.slice(0, 6)}`
    expect(world.left).not.toContain(rendezvous)
    shown.unmount()
    await eventually(() => world.left.includes(rendezvous), true)
  })

  test('without a peer there is nothing to pair', async () => {
    const { mount } = stage()
    const shown = mount(showing, { peer: null } as Props)
    shown.given().pair()
    await eventually(() => shown.texts(), ['failed null INVALID_INPUT'])
    shown.given().cancel()
    await turns()
    expect(shown.texts()).toEqual(['failed null INVALID_INPUT'])
  })
}
