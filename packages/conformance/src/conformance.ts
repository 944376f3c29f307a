import { describe } from 'vitest'
import type { Harness } from './harness'
import { actionSuite } from './suites/action'
import { connectionSuite } from './suites/connection'
import { connectionTrustSuite } from './suites/connection-trust'
import { connectionsSuite } from './suites/connections'
import { handlerSuite } from './suites/handler'
import { mediaSuite } from './suites/media'
import { messagesSuite } from './suites/messages'
import { pairingSuite } from './suites/pairing'
import { peerSuite } from './suites/peer'
import { peerTrustSuite } from './suites/peer-trust'
import { refetchSuite } from './suites/refetch'
import { requestSuite } from './suites/request'
import { storeSuite } from './suites/store'
import { storesSuite } from './suites/stores'
import { subscriptionSuite } from './suites/subscription'
import { useStage } from './suites/support'
import type { Network } from './world'

/** What every adapter does, whatever its framework: proved for one harness on one network. */
export function conformance(harness: Harness, network: Network): void {
  describe(`${harness.name} ${network.name}`, () => {
    const stage = useStage(harness, network)
    describe('usePeer', () => peerSuite(stage))
    describe('usePeer, whom it trusts', () => peerTrustSuite(stage))
    describe('usePairing, useJoin', () => pairingSuite(stage))
    describe('useConnection', () => connectionSuite(stage))
    describe('useConnection, whom it trusts', () => connectionTrustSuite(stage))
    describe('useConnections, useRequests', () => connectionsSuite(stage))
    describe('useStore', () => storeSuite(stage))
    describe('useMessages', () => messagesSuite(stage))
    describe('useRequest', () => requestSuite(stage))
    describe('useRequest, again', () => refetchSuite(stage))
    describe('useAction', () => actionSuite(stage))
    describe('useSubscription', () => subscriptionSuite(stage))
    describe('useMedia', () => mediaSuite(stage))
    describe('useRemoteStore, useShare', () => storesSuite(stage))
    describe('useHandler', () => handlerSuite(stage))
  })
}
