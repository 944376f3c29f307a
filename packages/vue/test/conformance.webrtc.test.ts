import { conformance, overWebRtc } from '@nanopeer/conformance'
import { vueHarness } from './harness'

conformance(vueHarness, overWebRtc)
