import { expect, onTestFinished } from 'vitest'
import { systemClock } from '../../src/base/clock'
import type { Transport } from '../../src/base/transport'
import type { Connection, Peer, PeerOptions } from '../../src/base/types'
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

/** A device that serves anyone, and a friend that it has answered. */
export const openWithFriend = async (transport: Transport) => {
  const device = await open('device', { transport, accept: 'anyone' })
  device.handle('echo', (input) => input)
  const friend = (await open('friend', { transport })).connect('device')
  await friend.request('echo', 'hello')
  return { device, friend }
}

/** A PeerJS client of Mallory's that the device serves, with the device's connection to it. */
export const joinPlain = async (transport: Transport, device: Peer) => {
  const channel = await (await join(transport, 'mallory')).dialPlain('device')
  const its = () => device.$connections.value?.find(({ remoteId }) => remoteId === 'mallory')
  await until(() => its()?.$status.value?.state === 'open', 'it to be there')
  return { channel, its: its() as Connection }
}
