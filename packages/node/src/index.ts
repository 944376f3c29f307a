export * from '@nanopeer/core'
export { createPeer, getPeer } from './peer'
export { nodeTransport } from './transport'
