import type { Transport } from '../base/transport'
import { provide } from '../engine'
import { engine } from './index'

/**
 * Gives a transport the engine, so that nothing of it loads late: for places without a network between them and
 * their files. Internal: `@nanopeer/node` is built with it.
 */
export const carryEngine = <Given extends Transport>(transport: Given): Given =>
  provide(transport, { engine })

export { checkKey, listKnown, parseKnown, stringifyKnown } from '../base/known'
export { createIdentity } from './identity/create'
export { formerKeys, succeed } from './identity/predecessors'
export { generateKeyPair } from './identity/signature'
