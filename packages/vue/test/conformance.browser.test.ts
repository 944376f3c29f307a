import { conformance, inMemory } from '@nanopeer/conformance'
import { vueHarness } from './harness'

conformance(vueHarness, inMemory)
