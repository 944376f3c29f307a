import { type Accept, generateSecret, getPeer, type Peer, type Remote } from '@nanopeer/core'
import type { ConnectionView, PeerView, RequestView } from '@nanopeer/core/adapter'
import { expect, test } from 'vitest'
import { list } from '../actions'
import type { Hooks } from '../harness'
import type { World } from '../world'
import { peerBadge } from './peer'
import { again, eventually, type Stage, turns } from './support'

interface FilesPage {
  readonly self: PeerView
  readonly nas: ConnectionView
  readonly files: RequestView<string>
}

const textOf = ({ self, nas, files }: FilesPage) =>
  `${self.status} ${nas.error?.code ?? nas.status} ${files.data ?? files.status}`

/** A page with the files of a device, which is nobody without a secret. */
const filesPage = (world: World, id: string, device: Peer) => ({
  setup(hooks: Hooks, props: () => { secret: string | undefined }): FilesPage {
    const self = hooks.usePeer(() => [props().secret && id, { ...world.options, ...props() }])
    const nas = hooks.useConnection(() => [self.peer, device.id, world.dialling])
    const files = hooks.useRequest<typeof list>(() => [nas.connection, list, { path: '/' }])
    return { self, nas, files }
  },
  text: textOf,
})

/** Whom a peer trusts: what `usePeer` makes of `secret` and `accept`. */
export function peerTrustSuite(stage: () => Stage): void {
  test('whoever gave a peer its secret gives it another one, and the right one opens', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    const id = world.id('laptop')
    const mounted = mount(
      {
        setup(hooks: Hooks, props: () => { secret: string }) {
          const peer = hooks.usePeer(() => [id, { ...world.options, secret: props().secret }])
          const connection = hooks.useConnection(() => [peer.peer, device.id, world.dialling])
          return { peer, connection }
        },
        text: ({ peer, connection }) =>
          peer.error ? `${peer.status} ${peer.error.code}` : `${connection.status} ${connection.error?.code}`,
      },
      { secret: generateSecret() },
    )
    await eventually(mounted.texts, ['closed REFUSED'])
    const { peer } = mounted.given().peer
    mounted.update({ secret: 'typed' })
    await eventually(mounted.texts, ['disconnected INVALID_INPUT'])
    mounted.update({ secret })
    await eventually(mounted.texts, ['open undefined'])
    expect(mounted.given().peer.peer).toBe(peer)
  })

  test('another secret than that of a peer which somebody holds is an error, and is taken when nobody does', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const [first, second] = [generateSecret(), generateSecret()]
    const withSecret = {
      setup: (hooks: Hooks, props: () => { secret: string }) =>
        hooks.usePeer(() => [id, { ...world.options, secret: props().secret }]),
      text: ({ status, error }: { status: string; error: { code: string } | null }) =>
        `${status} ${error?.code}`,
    }
    const holder = mount(withSecret, { secret: first }, 2)
    await eventually(holder.texts, ['open undefined', 'open undefined'])
    const other = mount(withSecret, { secret: second })
    await eventually(other.texts, ['disconnected INVALID_INPUT'])
    other.unmount()
    holder.update({ secret: second })
    await eventually(holder.texts, ['open undefined', 'open undefined'])
    holder.unmount()
    const next = mount(withSecret, { secret: first })
    await eventually(next.texts, ['open undefined'])
  })

  test('a page that is keyed anew with another secret has its peer at once, whatever the one before still holds', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    device.handle(list, ({ path }) => path)
    const id = world.id('laptop')
    const seen: string[] = []
    const page = {
      ...filesPage(world, id, device),
      text(given: FilesPage) {
        seen.push(`${given.self.error?.code}`)
        return textOf(given)
      },
    }
    // The list of devices stays, and knows of no secret.
    const sidebar = mount(peerBadge(world), { id })
    const wrong = mount(page, { secret: generateSecret() })
    await eventually(wrong.texts, ['open REFUSED error'])
    const right = mount(page, { secret })
    wrong.unmount()
    await eventually(right.texts, ['open open /'])
    right.unmount()
    // What was asked is shared by whoever comes in the same task.
    await turns()
    const again = mount(page, { secret: generateSecret() })
    await eventually(again.texts, ['open REFUSED error'])
    expect([new Set(seen), sidebar.texts()]).toEqual([new Set(['undefined']), ['open']])
    expect(world.joined.filter((joined) => joined === id)).toEqual([id])
  })

  test('whom it accepts is asked of the latest function, and the peer is not opened anew', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const mounted = mount(
      {
        setup(hooks: Hooks, props: () => { welcome: string; render: number }) {
          const { welcome } = props()
          // What a render closes over, where there are renders.
          const accept = ({ id }: Remote) => id === (hooks.rendersAnew ? welcome : props().welcome)
          const self = hooks.usePeer(() => [id, { ...world.options, accept }])
          hooks.useHandler(() => [self.peer, list, ({ path }) => path])
          return self
        },
        text: ({ status }) => `${status} ${id}`,
      },
      { welcome: 'nobody', render: 1 },
    )
    await eventually(mounted.texts, [`open ${id}`])
    const remote = await world.peer()
    const connection = remote.connect(id, world.dialling)
    await expect(connection.request(list, { path: '/' }, again)).rejects.toMatchObject({ code: 'REFUSED' })
    mounted.update({ welcome: remote.id, render: 2 })
    await turns()
    expect(await connection.request(list, { path: '/' }, again)).toBe('/')
    expect(world.joined.filter((joined) => joined === id)).toEqual([id])
  })

  test('a list of whom it accepts grows, is given up, and is nobody where it is left out', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const [one, other, third] = [await world.peer(), await world.peer(), await world.peer()]
    // Ids prove nothing, of which the console would tell.
    const secret = generateSecret()
    const mounted = mount(
      {
        setup(hooks: Hooks, props: () => { accept: Accept | undefined }) {
          const self = hooks.usePeer(() => [id, { ...world.options, secret, ...props() }])
          hooks.useHandler(() => [self.peer, list, ({ path }) => path])
          return self
        },
        text: ({ status, peer }) => `${status} ${peer !== null}`,
      },
      { accept: [one.id] } as { accept: Accept | undefined },
    )
    const shown = mount(peerBadge(world), { id })
    await eventually(mounted.texts, ['open true'])
    const ask = (peer: Peer) =>
      peer
        .connect(id, { ...world.dialling, secret })
        .request(list, { path: '/' })
        .catch(({ code }) => code)
    expect([await ask(one), await ask(other)]).toEqual(['/', 'REFUSED'])
    mounted.update({ accept: [one.id, other.id] })
    await turns()
    expect(await ask(other)).toBe('/')
    mounted.update({ accept: [] })
    await turns()
    expect(await ask(third)).toBe('REFUSED')
    mounted.update({ accept: () => true })
    await turns()
    expect(await ask(third)).toBe('/')
    expect([mounted.texts(), shown.texts()]).toEqual([['open true'], ['open']])
    expect(world.joined.filter((joined) => joined === id)).toEqual([id])
  })

  test('a second component that accepts others is told so, and is asked when the first has gone', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const accepting = {
      setup(hooks: Hooks, props: () => { accept: Accept }) {
        const self = hooks.usePeer(() => [id, { ...world.options, ...props() }])
        hooks.useHandler(() => [self.peer, list, ({ path }) => path])
        return self
      },
      text: ({ status, error }: PeerView) => `${status} ${error?.code}`,
    }
    const first = mount(accepting, { accept: () => false })
    await eventually(first.texts, ['open undefined'])
    const second = mount(accepting, { accept: 'anyone' })
    await eventually(second.texts, ['disconnected INVALID_INPUT'])
    const remote = await world.peer()
    const connection = remote.connect(id, world.dialling)
    await expect(connection.request(list, { path: '/' }, again)).rejects.toMatchObject({ code: 'REFUSED' })
    first.unmount()
    await eventually(second.texts, ['open undefined'])
    await turns()
    expect(await connection.request(list, { path: '/' }, again)).toBe('/')
  })

  test('what code has given a peer stays, whoever names it by a hook', async () => {
    const { world, mount } = stage()
    const id = world.id('laptop')
    const peer = getPeer(id, { ...world.options, accept: 'anyone' })
    const mounted = mount(
      {
        setup: (hooks: Hooks, props: () => { accept: Accept }) =>
          hooks.usePeer(() => [id, { ...world.options, ...props() }]),
        text: ({ status, error }) => `${status} ${error?.code}`,
      },
      { accept: ['nas'] } as { accept: Accept },
    )
    await eventually(mounted.texts, ['disconnected INVALID_INPUT'])
    mounted.update({ accept: 'anyone' })
    await eventually(mounted.texts, ['open undefined'])
    expect(mounted.given().peer).toBe(peer)
  })

  test('whoever logs out ends every session at once, and logs in again with another secret', async () => {
    const { world, mount } = stage()
    const secret = generateSecret()
    const device = await world.peer({ secret })
    device.handle(list, ({ path }) => path)
    const id = world.id('laptop')
    const mounted = mount(filesPage(world, id, device), { secret: generateSecret() } as {
      secret: string | undefined
    })
    await eventually(mounted.texts, ['open REFUSED error'])
    mounted.update({ secret })
    await eventually(mounted.texts, ['open open /'])
    const before = mounted.given().self.peer
    void before?.destroy()
    mounted.update({ secret: undefined })
    await eventually(mounted.texts, ['idle idle idle'])
    await eventually(() => device.$connections.value, [])
    mounted.update({ secret })
    await eventually(mounted.texts, ['open open /'])
    expect(mounted.given().self.peer).not.toBe(before)
  })
}
