import type { Scenario } from '../harness/scenario'
import { pipelined, roundTrip } from './request'

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [roundTrip, pipelined]
