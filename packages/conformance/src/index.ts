export { conformance } from './conformance'
export type { Component, Harness, Hooks, Mounted } from './harness'
export { inMemory, overWebRtc } from './networks'
export { type QueryLibrary, queryConformance } from './query'
export {
  comesToSay,
  createRoutedWorld,
  expectNoFlash,
  expectNothingHeld,
  list,
  passed,
  type RoutedWorld,
} from './routes'
export { type HydrationHarness, hydrationConformance, type ServerHarness, serverConformance } from './server'
