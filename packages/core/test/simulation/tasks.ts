import { action } from '../../src/base/action'

/** What one device asks of the other, under a key that both sides keep count of. */
export interface Task {
  readonly key: string
  readonly size: number
  /** Ms that the handler takes, or takes now and then. */
  readonly pause: number
  /** May be handled again in a new session. */
  readonly retry: boolean
}

export const echo = action<Task & { readonly filler: Uint8Array }, Task>('echo')
export const download = action.bytes<Task>('download')
export const upload = action<Task, number>('upload')
export const count = action.events<Task, number>('count')
