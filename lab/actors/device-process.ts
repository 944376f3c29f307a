/** The Node device's process: a subject that the lab speaks to over IPC. */
import { createPeer, diagnose } from '@nanopeer/node'
import type { Call } from './actor'
import { cutLinks, keepLinks } from './links'
import { failureOf } from './record'
import { type ActorSettings, peerOptions } from './settings'
import { Subject } from './subject'

const asked = { count: 0 }
const settings: ActorSettings = JSON.parse(process.argv[2] ?? '')
const peer = createPeer(
  settings.id,
  peerOptions(settings, () => asked.count++),
)
const subject = new Subject(peer, asked, diagnose)

process.on('message', async ({ number, method, given }: Call) => {
  try {
    const value =
      method === 'cutLinks'
        ? cutLinks()
        : await (subject[method] as (...given: unknown[]) => unknown)(...given)
    process.send?.({ number, value })
  } catch (error) {
    process.send?.({ number, failure: failureOf(error) })
  }
})
process.once('disconnect', () => process.exit())

await peer.open()
// Only now has nanopeer put WebRTC into the global scope.
keepLinks()
process.send?.({ number: 0 })
