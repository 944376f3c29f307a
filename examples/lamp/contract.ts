import { store } from '@nanopeer/core'

export interface Lamp {
  isOn: boolean
  /** Per cent. */
  brightness: number
}

export const lamp = store<Lamp>('lamp')
