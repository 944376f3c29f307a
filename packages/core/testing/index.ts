export { type CutOptions, createTestNetwork, type TestNetwork, type TestNetworkOptions } from './network'
export { createTestStream } from './stand-in-stream'
