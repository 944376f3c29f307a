import { createPeer, type Peer, type PeerOptions } from '@nanopeer/core'
import { useConnection, usePeer, useRequest, useSubscription } from '@nanopeer/vue'
import { type Component, createApp, defineComponent, Fragment, h, onMounted, onUpdated } from 'vue'
import { count, countEvents, type Framework, flood, flooding, ids, list } from './world'

/** Counts what this component puts on the page. */
const counted = (name: string) => {
  onMounted(() => void count(name))
  onUpdated(() => void count(name))
}

const PeerBadge = defineComponent({
  props: ['options'],
  setup({ options }: { options: PeerOptions }) {
    counted('peer')
    const { status } = usePeer('laptop', options)
    return () => h('p', status.value)
  },
})

const Row = defineComponent({
  props: ['peer', 'id', 'name'],
  setup(props: { peer: Peer | null; id: string; name: string }) {
    counted(props.name)
    const { status } = useConnection(() => props.peer, props.id)
    return () => h('p', status.value)
  },
})

const Answer = defineComponent({
  props: ['peer'],
  setup({ peer }: { peer: Peer }) {
    counted('request')
    const { connection } = useConnection(peer, 'nas')
    const { data } = useRequest(connection, list)
    return () => h('p', data.value)
  },
})

const Rows = defineComponent({
  props: ['options'],
  setup({ options }: { options: PeerOptions }) {
    counted('around')
    const { peer, status } = usePeer('laptop', options)
    return () =>
      h(
        'section',
        { title: status.value },
        ids.map((id) => h(Row, { key: id, peer: peer.value, id, name: id })),
      )
  },
})

const Flood = defineComponent({
  props: ['peer'],
  setup({ peer }: { peer: Peer }) {
    counted('flood')
    const { connection } = useConnection(peer, 'nas')
    const { data, status } = useSubscription(connection, flood, flooding, { reduce: countEvents })
    return () => h('p', { id: 'flood' }, `${status.value} ${data.value}`)
  },
})

const mount = (target: HTMLElement, component: Component) => {
  const app = createApp(component)
  app.mount(target)
  return () => app.unmount()
}

export const vue: Framework = {
  hooks(target, options) {
    const peer = createPeer('laptop', options)
    const shown = [
      h(PeerBadge, { options }),
      h(Row, { peer, id: 'nas', name: 'connection' }),
      h(Answer, { peer }),
    ]
    return mount(target, () => h(Fragment, shown))
  },
  rows: (target, options) => mount(target, () => h(Rows, { options })),
  flood(target, options) {
    const peer = createPeer('laptop', options)
    return mount(target, () => h(Flood, { peer }))
  },
}
