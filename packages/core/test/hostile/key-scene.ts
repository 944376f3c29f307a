import type { PeerOptions } from '../../src/base/types'
import { createTestNetwork } from '../../testing'
import { newIdentity } from '../support/identities'
import { create, open } from './cast'

export const [laptopIdentity, nasIdentity] = await Promise.all([newIdentity(), newIdentity()])

export const refused = { code: 'REFUSED' }

const quick = { minDelay: 20, maxDelay: 40 }

/** Devices on one network; each asks by saying who it is told that asks. */
export const createScene = () => {
  const { transport, cut, heal } = createTestNetwork()
  const start = async (id: string, options: PeerOptions = {}) => {
    const peer = await open(id, { transport, reconnect: quick, ...options })
    peer.handle('who', (_, { remote }) => remote)
    return peer
  }
  const lose = (a: string, b: string) => {
    cut(a, b)
    heal(a, b)
  }
  return { start, lose, create: (id: string, options: PeerOptions) => create(id, { transport, ...options }) }
}
