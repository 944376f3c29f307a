import { ActionError, type Peer, type StoreWrite, share } from '@nanopeer/core'
import { map } from 'nanostores'
import { type Board, board } from '../shared/stores'
import type { DeviceLog } from './log'

/** Shares the device's name and its note, and tells the log what they become. Returns the undo. */
export const shareBoard = (peer: Peer, log: DeviceLog): (() => void) => {
  const $board = map<Board>({ name: 'Lighthouse', note: '' })
  const unlisten = $board.listen(({ name, note }, before) => {
    if (name !== before?.name) log.info(`this device is called “${name}” now`)
    if (note !== before?.note)
      log.info(note === '' ? 'the note is empty now' : `the note says “${inOneLine(note)}”`)
  })
  const unshare = share(peer, board, $board, { write: mayWrite })
  return () => {
    unshare()
    unlisten()
  }
}

/** @throws `ActionError` 400, which says what is wrong to the person who wrote it. */
const mayWrite = ({ next, keys }: StoreWrite<Board>): boolean => {
  // What a remote writes is a board only when looked at.
  if (!keys?.every((key) => key === 'name' || key === 'note')) return false
  if (!hasLength(next.name, 1, 40)) throw new ActionError(400, 'A name has 1 to 40 characters.')
  if (!hasLength(next.note, 0, 500)) throw new ActionError(400, 'A note has up to 500 characters.')
  return true
}

const hasLength = (text: unknown, from: number, to: number): boolean =>
  typeof text === 'string' && text.trim().length >= from && text.length <= to

const inOneLine = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
