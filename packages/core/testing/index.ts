export { type CutOptions, createTestNetwork, type TestNetwork, type TestNetworkOptions } from './network'
