import { conformance, inMemory } from '@nanopeer/conformance'
import { svelteHarness } from './harness.svelte'

conformance(svelteHarness, inMemory)
