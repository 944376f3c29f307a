/** What React commits for hooks that are mounted, on a network in memory: how often is no matter of the path. */
import { action, createPeer, type Peer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { useConnection, usePeer, useRequest, useSubscription } from '@nanopeer/react'
import { memo, Profiler, type ReactNode, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'

const list = action<void, string>('list')
const flood = action.events<{ events: number; ms: number }, number>('flood')

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Commits by the name of the component, and when the last one was. */
const commits = new Map<string, number>()
const count = (name: string) => void commits.set(name, (commits.get(name) ?? 0) + 1)

const Counted = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <Profiler id={name} onRender={count}>
    {children}
  </Profiler>
)

interface PageProps {
  readonly id: string
  readonly options: PeerOptions
}

const PeerBadge = ({ id, options }: PageProps) => <p>{usePeer(id, options).status}</p>

interface RowProps {
  readonly peer: Peer | null
  readonly id: string
}

const Row = memo(({ peer, id }: RowProps) => {
  const { status } = useConnection(peer, id)
  // A profiler in a list counts what is around it, too.
  useLayoutEffect(() => count(id))
  return <p>{status}</p>
})

const Answer = ({ peer, id }: RowProps) => {
  const { connection } = useConnection(peer, id)
  return <p>{useRequest(connection, list).data}</p>
}

const Flood = ({ peer, id, events, ms }: RowProps & { readonly events: number; readonly ms: number }) => {
  const { connection } = useConnection(peer, id)
  const { data, status } = useSubscription(connection, flood, { events, ms }, { reduce: countEvents })
  return <p id="flood">{`${status} ${data}`}</p>
}

const countEvents = (seen = 0) => seen + 1

const ids = Array.from({ length: 50 }, (_, index) => `device-${index}`)

const Rows = ({ id, options }: PageProps) => {
  const { peer, status } = usePeer(id, options)
  useLayoutEffect(() => count('around'))
  return (
    <section title={status}>
      {ids.map((device) => (
        <Row key={device} peer={peer} id={device} />
      ))}
    </section>
  )
}

/** Starts devices, shows an element until it stands still, and counts. */
async function mount(devices: readonly string[], element: (options: PeerOptions) => ReactNode, ms = 500) {
  const options: PeerOptions = { transport: createTestNetwork().transport }
  const peers = await Promise.all(
    devices.map(async (id) => {
      const device = createPeer(id, { ...options, accept: 'anyone' })
      device.handle(list, () => 'files')
      device.handle(flood, async function* ({ events, ms: time }) {
        const begin = performance.now()
        for (let event = 0; event < events; event++) {
          if (event % 100 === 0) await wait(Math.max(0, begin + (time * event) / events - performance.now()))
          yield event
        }
      })
      await device.open()
      return device
    }),
  )
  commits.clear()
  const root = createRoot(document.getElementById('root') as HTMLElement)
  root.render(element(options))
  await wait(ms)
  return async () => {
    root.unmount()
    await Promise.all(peers.map((peer) => peer.destroy()))
  }
}

/** Commits until each hook shows what is open or answered. */
export async function hooks(): Promise<{ peer: number; connection: number; request: number }> {
  const end = await mount(['nas'], (options) => {
    const peer = createPeer('laptop', options)
    return (
      <>
        <Counted name="peer">
          <PeerBadge id="laptop" options={options} />
        </Counted>
        <Counted name="connection">
          <Row peer={peer} id="nas" />
        </Counted>
        <Counted name="request">
          <Answer peer={peer} id="nas" />
        </Counted>
      </>
    )
  })
  const of = (name: string) => commits.get(name) ?? 0
  const found = { peer: of('peer'), connection: of('connection'), request: of('request') }
  await end()
  return found
}

/** Commits of fifty rows: the most of one, and of what is around them; and what is committed in a second of rest. */
export async function rows(): Promise<{ row: number; around: number; idle: number }> {
  const end = await mount(ids, (options) => <Rows id="laptop" options={options} />, 1000)
  const around = commits.get('around') ?? 0
  const row = Math.max(...ids.map((id) => commits.get(id) ?? 0))
  commits.clear()
  await wait(1000)
  const idle = [...commits.values()].reduce((sum, each) => sum + each, 0)
  await end()
  return { row, around, idle }
}

/** Commits per second of a component that follows 10,000 events in 3 s, and the longest that the page stood still, ms. */
export async function floods(): Promise<{ perSecond: number; longest: number }> {
  let longest = 0
  let last = performance.now()
  const look = () => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
    frame = requestAnimationFrame(look)
  }
  const end = await mount(
    ['nas'],
    (options) => (
      <Counted name="flood">
        <Flood peer={createPeer('laptop', options)} id="nas" events={10_000} ms={3000} />
      </Counted>
    ),
    200,
  )
  last = performance.now()
  let frame = requestAnimationFrame(look)
  const begin = performance.now()
  while (document.getElementById('flood')?.textContent !== 'ended 10000') await wait(10)
  const perSecond = (commits.get('flood') ?? 0) / ((performance.now() - begin) / 1000)
  cancelAnimationFrame(frame)
  await end()
  return { perSecond, longest }
}
