import { store } from '@nanopeer/core'

export interface Readings {
  /** Share of the processors that is busy, 0 to 1 and more; always 0 on Windows, which does not tell. */
  load: number
  /** Bytes. */
  free: number
  /** Seconds between two readings. */
  every: number
}

export const readings = store<Readings>('readings')

export const server = { host: '127.0.0.1', port: 9000 }
