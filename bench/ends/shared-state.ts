/** What the two ends of the scenarios of remote stores agree on. */
import { action, store } from '@nanopeer/core'

/** A state as devices have them: twenty fields, of which a change is one. */
export const state = store<Record<string, number>>('state')

/** Sets one field of the state. */
export const change = action<number, void>('change')
/** Says the same to each remote by hand, in a message: as many small frames, of which each is encoded. */
export const tell = action<number, void>('tell')

export const fieldsOf = (n: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field ${index}`, index === 0 ? n : index]))

/** The field that changes. */
export const changing = 'field 0'
