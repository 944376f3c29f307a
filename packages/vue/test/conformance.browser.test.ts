import { conformance, inMemory, overWebRtc } from '@nanopeer/conformance'
import { vueHarness } from './harness'

conformance(vueHarness, inMemory)
conformance(vueHarness, overWebRtc)
