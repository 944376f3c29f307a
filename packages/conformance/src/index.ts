export { conformance } from './conformance'
export type { Component, Harness, Hooks, Mounted } from './harness'
export { inMemory, overWebRtc } from './networks'
export { type HydrationHarness, hydrationConformance, type ServerHarness, serverConformance } from './server'
