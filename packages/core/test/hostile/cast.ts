import { expect, onTestFinished } from 'vitest'
import { systemClock } from '../../src/base/clock'
import type { Transport } from '../../src/base/transport'
import type { PeerOptions } from '../../src/base/types'
import { createPeer } from '../../src/peer/registry'
import { Mallory } from './mallory'

// Who takes part in a test on real time, until it ends.

/** Waits until something is so. */
export const until = (condition: () => boolean, what: string) =>
  expect.poll(condition, { message: what, timeout: 10_000, interval: 1 }).toBe(true)

export const create = (id: string, options: PeerOptions) => {
  const peer = createPeer(id, { onError: () => {}, ...options })
  onTestFinished(() => peer.destroy())
  return peer
}

export const open = async (id: string, options: PeerOptions) => {
  const peer = create(id, options)
  await peer.open()
  return peer
}

export const join = async (transport: Transport, id: string) => {
  const mallory = await Mallory.join(transport, id, systemClock, until)
  onTestFinished(() => mallory.leave())
  return mallory
}
