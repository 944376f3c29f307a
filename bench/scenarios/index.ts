import type { Scenario } from '../harness/scenario'
import { allocation } from './allocation'
import { open } from './connect'
import { coldOpen } from './connect-cold'
import { duringStream } from './during-stream'
import { fanIn } from './fan-in'
import { fanInThousand } from './fan-in-thousand'
import { hostile } from './hostile'
import { longTransfers, roundTrips } from './long-path'
import { media } from './media'
import { memory } from './memory'
import { nodeDownload } from './node'
import { nodeDial } from './node-dial'
import { held, stall } from './one-message'
import { plainDial } from './plain-dial'
import { render } from './render'
import { pipelined, roundTrip } from './request'
import { severalLinks } from './several-links'
import { size } from './size'
import { conflation, fanOut } from './store'
import { fairness, throughput } from './stream'

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  roundTrip,
  pipelined,
  allocation,
  throughput,
  memory,
  duringStream,
  fairness,
  open,
  coldOpen,
  roundTrips,
  longTransfers,
  severalLinks,
  nodeDownload,
  nodeDial,
  plainDial,
  media,
  fanIn,
  fanInThousand,
  hostile,
  stall,
  held,
  fanOut,
  conflation,
  render,
  size,
]
