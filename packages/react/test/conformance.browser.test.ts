import { conformance, inMemory, overWebRtc } from '@nanopeer/conformance'
import { version } from 'react'
import { reactHarness } from './harness'

const name = `React ${version.split('.')[0]}`

conformance(reactHarness(name, false), inMemory)
conformance(reactHarness(name, true), overWebRtc)
