import { createPeer, type Peer, type PeerOptions } from '@nanopeer/core'
import { useConnection, usePeer, useRequest, useSubscription } from '@nanopeer/react'
import { memo, Profiler, type ReactNode, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { count, countEvents, type Framework, flood, flooding, ids, list } from './world'

const Counted = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <Profiler id={name} onRender={() => count(name)}>
    {children}
  </Profiler>
)

interface PageProps {
  readonly options: PeerOptions
}

interface RowProps {
  readonly peer: Peer | null
  readonly id: string
}

const PeerBadge = ({ options }: PageProps) => <p>{usePeer('laptop', options).status}</p>

const Row = memo(({ peer, id }: RowProps) => {
  const { status } = useConnection(peer, id)
  // A profiler in a list counts what is around it, too.
  useLayoutEffect(() => void count(id))
  return <p>{status}</p>
})

const Answer = ({ peer, id }: RowProps) => {
  const { connection } = useConnection(peer, id)
  return <p>{useRequest(connection, list).data}</p>
}

const Flood = ({ peer, id }: RowProps) => {
  const { connection } = useConnection(peer, id)
  const { data, status } = useSubscription(connection, flood, flooding, { reduce: countEvents })
  return <p id="flood">{`${status} ${data}`}</p>
}

const Rows = ({ options }: PageProps) => {
  const { peer, status } = usePeer('laptop', options)
  useLayoutEffect(() => void count('around'))
  return (
    <section title={status}>
      {ids.map((id) => (
        <Row key={id} peer={peer} id={id} />
      ))}
    </section>
  )
}

const mount = (target: HTMLElement, element: ReactNode) => {
  const root = createRoot(target)
  root.render(element)
  return () => root.unmount()
}

export const react: Framework = {
  hooks(target, options) {
    const peer = createPeer('laptop', options)
    return mount(
      target,
      <>
        <Counted name="peer">
          <PeerBadge options={options} />
        </Counted>
        <Counted name="connection">
          <Row peer={peer} id="nas" />
        </Counted>
        <Counted name="request">
          <Answer peer={peer} id="nas" />
        </Counted>
      </>,
    )
  },
  rows: (target, options) => mount(target, <Rows options={options} />),
  flood(target, options) {
    const peer = createPeer('laptop', options)
    return mount(
      target,
      <Counted name="flood">
        <Flood peer={peer} id="nas" />
      </Counted>,
    )
  },
}
