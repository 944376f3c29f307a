import { conformance, inMemory, overWebRtc } from '@nanopeer/conformance'
import { svelteHarness } from './harness.svelte'

conformance(svelteHarness, inMemory)
conformance(svelteHarness, overWebRtc)
