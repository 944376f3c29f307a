import { startSignallingServer } from '../actors/signalling-server'
import { stunServers } from '../actors/turn-server'
import { succeeded, tell, untilPeerState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { untilRoute } from './route'

export const peerServer: Scenario = {
  name: 'PeerServer introduces a page and a device as well, and is found again after it was killed',
  nat: 'cone',
  signalling: 'PeerServer',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    saw(`route ${(await untilRoute(page)).route}: ${tell(await page.call('history', deviceId))}`)
    const begun = Date.now()
    await lab.signallingServer.kill()
    for (const actor of [page, device]) await untilPeerState(actor, 'disconnected', { since: begun })
    succeeded('A request meanwhile', await page.call('echoes', deviceId, 10, 1, 0))
    lab.signallingServer = await startSignallingServer(lab.internet, 'PeerServer')
    for (const actor of [page, device]) await untilPeerState(actor, 'open', { since: begun })
    saw(`signalling of the page: ${tell(await page.call('peerHistory'), begun)}`)
  },
}
