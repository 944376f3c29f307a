import { store } from '@nanopeer/core'

/** What everybody who has the folder may change. */
export type Board = {
  /** What the device is called: 1 to 40 characters. */
  readonly name: string
  /** Up to 500 characters. */
  readonly note: string
}

/** The device's own store, shown and edited on every page. */
export const board = store<Board>('board')

/** One page that has the folder open. */
export type Looker = {
  /** Its framework. */
  readonly page: string
  /** The folder on its screen, relative to the shared one. */
  readonly folder: string
}

/** Who is looking, by the id of the page's peer. A page may change its own entry alone. */
export const looking = store<Readonly<Record<string, Looker>>>('looking')
