import type { Scenario } from '../scenario'
import { browserKilled } from './browser-killed'
import { busyPage } from './busy-page'
import { cameraThroughRelay } from './camera-through-relay'
import { coneToCone } from './cone-to-cone'
import { deviceKilled } from './device-killed'
import { coneDiagnosis, symmetricDiagnosis } from './diagnosis'
import { downloadOverAddressChange } from './download-over-address-change'
import { downloadOverCuts } from './download-over-cuts'
import { expiringCredentials } from './expiring-credentials'
import { longPath } from './long-path'
import { packetLoss } from './packet-loss'
import { peerServer } from './peer-server'
import { reload } from './reload'
import { requestsOverCutLinks } from './requests-over-cut-links'
import { signallingRestarted } from './signalling-restarted'
import { signallingSwallowed } from './signalling-swallowed'
import { symmetricWithRelay } from './symmetric-with-relay'
import { symmetricWithoutRelay } from './symmetric-without-relay'
import { tabClosed, tabClosedInDownload } from './tab-closed'
import { uploadAndSeriesOverCuts } from './upload-and-series-over-cuts'

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  coneToCone,
  symmetricWithRelay,
  symmetricWithoutRelay,
  cameraThroughRelay,
  coneDiagnosis,
  symmetricDiagnosis,
  downloadOverCuts,
  downloadOverAddressChange,
  uploadAndSeriesOverCuts,
  requestsOverCutLinks,
  signallingRestarted,
  signallingSwallowed,
  peerServer,
  browserKilled,
  tabClosed,
  tabClosedInDownload,
  deviceKilled,
  packetLoss,
  longPath,
  reload,
  expiringCredentials,
  busyPage,
]
