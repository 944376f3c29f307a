import { conformance, overWebRtc } from '@nanopeer/conformance'
import { svelteHarness } from './harness.svelte'

conformance(svelteHarness, overWebRtc)
