import { atom } from 'nanostores'
import { deviceId } from '../../shared/device-id'
import { known } from './config'

/** Whether this browser knows the device; null while it looks. */
export const $isPaired = atom<boolean | null>(null)

/** Looks again: after a pairing, and at the start. */
export const lookWhetherPaired = async (): Promise<void> =>
  $isPaired.set((await known.get(deviceId)) !== undefined)

void lookWhetherPaired()

/** What a page says that is not let in. */
export interface Words {
  readonly title: string
  readonly text: string
}

export const notPaired: Words = {
  title: 'This page is not paired with the device.',
  text: 'Type p in the device’s terminal, and here the code that it shows. Once is enough for this browser.',
}

const revoked: Words = {
  title: 'The device does not let this page in any more.',
  text: 'Somebody has revoked it. Type p in the device’s terminal, and here the code that it shows.',
}

const setUpAnew: Words = {
  title: 'The device has another key than this browser knows.',
  text: 'If it was set up anew, type p in its terminal, and here the code that it shows.',
}

/** What a page says that was paired before, when it cannot come in any more; null for all other errors. */
export const turnedAway = (error: { readonly code: string } | null): Words | null => {
  if (error?.code === 'REFUSED') return revoked
  if (error?.code === 'KEY_CHANGED') return setUpAnew
  return null
}
