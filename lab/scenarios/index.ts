import type { Scenario } from '../scenario'
import { coneToCone } from './cone-to-cone'

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [coneToCone]
