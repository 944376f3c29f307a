import { conformance, inMemory, overWebRtc } from '@nanopeer/conformance'
import { version } from 'react'
import { reactHarness } from './harness'

const major = Number.parseInt(version, 10)
const name = `React ${major}`

// The network is the same for both versions of React, and the real one takes its time.
conformance(reactHarness(name, major < 19), inMemory)
if (major >= 19) conformance(reactHarness(name, true), overWebRtc)
