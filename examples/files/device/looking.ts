import { type Peer, type StoreWrite, share } from '@nanopeer/core'
import { atom } from 'nanostores'
import { type Looker, looking } from '../shared/stores'
import type { DeviceLog } from './log'
import { onVisitors } from './visitors'

type Lookers = Readonly<Record<string, Looker>>

/** Shares who is looking: each page says so itself, and is taken off when it is away. Returns the undo. */
export const shareLooking = (peer: Peer, log: DeviceLog): (() => void) => {
  const $looking = atom<Lookers>({})
  const undo = [
    share(peer, looking, $looking, { write: mayWrite }),
    $looking.listen((lookers) =>
      log.info(`looking: ${Object.values(lookers).map(describe).join(', ') || 'nobody'}`),
    ),
    // One whose link is lost says so again when it is back.
    onVisitors(peer, ({ remoteId }, state) => {
      const others = Object.entries($looking.get()).filter(([id]) => id !== remoteId)
      if (state !== 'open' && remoteId in $looking.get()) $looking.set(Object.fromEntries(others))
    }),
  ]
  return () => {
    for (const stop of undo) stop()
  }
}

/** A page speaks for itself, and for nobody else. */
const mayWrite = ({ remote, next, keys }: StoreWrite<Lookers>): boolean =>
  keys?.every((id) => id === remote.id) === true && isLooker(next[remote.id])

const isLooker = (entry: unknown): boolean => {
  const { page, folder } = (entry ?? {}) as Partial<Record<keyof Looker, unknown>>
  return typeof page === 'string' && page.length <= 20 && typeof folder === 'string' && folder.length <= 1000
}

const describe = ({ page, folder }: Looker): string =>
  `${page} in ${folder.slice(0, 80) || 'the shared folder'}`
