/** What runs in the page: a subject that the lab speaks to through the browser's debugging protocol. */
import { createPeer, diagnose } from '@nanopeer/core'
import { cutLinks, keepLinks } from './links'
import { type ActorSettings, peerOptions } from './settings'
import { Subject } from './subject'

declare global {
  /** Set by the lab before the page's own script runs. */
  var labSettings: ActorSettings
  var subject: Subject
  var cut: typeof cutLinks
}

keepLinks()
const asked = { count: 0 }
const peer = createPeer(
  labSettings.id,
  peerOptions(labSettings, () => asked.count++),
)
globalThis.subject = new Subject(peer, asked, diagnose)
globalThis.cut = cutLinks
void peer.open()
