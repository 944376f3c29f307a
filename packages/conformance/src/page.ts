import { type PeerOptions, store } from '@nanopeer/core'
import { atom } from 'nanostores'
import { follow, list } from './actions'
import type { Hooks } from './harness'

const volume = store<number>('volume')
const $volume = atom(1)

interface Props {
  readonly id: string | null
  readonly options: PeerOptions
}

const setup = (hooks: Hooks, props: () => Props) => {
  const laptop = hooks.usePeer(() => [props().id, props().options])
  const nas = hooks.useConnection(() => [laptop.peer, 'nas'])
  hooks.useHandler(() => [laptop.peer, list, ({ path }) => path])
  hooks.useShare<number>(() => [laptop.peer, volume, $volume])
  return {
    laptop,
    nas,
    stats: hooks.useStats(() => [nas.connection]),
    files: hooks.useRequest<typeof list>(() => [nas.connection, list, { path: '/' }]),
    rename: hooks.useAction(() => [nas.connection, list]),
    log: hooks.useSubscription<typeof follow, number>(() => [nas.connection, follow, { topic: 'log' }]),
    remote: hooks.useRemoteStore<number>(() => [nas.connection, volume]),
  }
}

/** A page with every hook, each of which says what it is at. */
export const page = {
  setup,
  text: ({ laptop, nas, stats, files, rename, log, remote }: ReturnType<typeof setup>) =>
    [laptop.status, nas.status, stats.links, files.status, rename.status, log.status, remote.status].join(
      ' ',
    ),
}

interface PairingProps {
  readonly options: PeerOptions
}

const setupPairing = (hooks: Hooks, props: () => PairingProps) => {
  const laptop = hooks.usePeer(() => ['laptop', props().options])
  return {
    shown: hooks.usePairing(() => [laptop.peer]),
    taken: hooks.useJoin(() => [laptop.peer]),
  }
}

/** A page on which devices pair. */
export const pairingPage = {
  setup: setupPairing,
  text: ({ shown, taken }: ReturnType<typeof setupPairing>) =>
    `${shown.status} ${shown.code} ${taken.status}`,
}
