export * from '@nanopeer/core'
export { diagnose } from './diagnose'
export { createPeer, getPeer } from './peer'
export { nodeTransport } from './transport'
