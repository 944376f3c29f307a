import { startSignallingServer } from '../actors/signalling-server'
import { stunServers } from '../actors/turn-server'
import { check, succeeded, tell, untilPeerState, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { last } from '../wait'

export const signallingRestarted: Scenario = {
  name: 'A signalling server that is killed and comes back leaves links alone, and new dials wait for it',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const second = await lab.startDevice(stunServers, 'second')
    const begun = Date.now()
    await lab.signallingServer.kill()
    for (const actor of [page, device, second]) {
      const { at } = await untilPeerState(actor, 'disconnected', { since: begun })
      saw(`${actor.id} shows "disconnected" after ${at - begun} ms`)
      check(at - begun < 1000, 'That took too long.')
    }
    await page.call('connect', second.id)
    succeeded('A request meanwhile', await page.call('echoes', deviceId, 10, 1, 0))
    await last(3000)
    const waiting = (await page.call('history', second.id)).at(-1)
    check(waiting?.state === 'connecting', `The new dial does not wait but is ${waiting?.state}.`)
    lab.signallingServer = await startSignallingServer(lab.internet)
    const back = Date.now()
    const open = await untilState(page, second.id, 'open', { since: begun })
    saw(
      `new dial: ${tell(await page.call('history', second.id), begun)}, ${open.at - back} ms after the server`,
    )
    for (const actor of [page, device, second]) await untilPeerState(actor, 'open', { since: begun })
    saw(`signalling of the page: ${tell(await page.call('peerHistory'), begun)}`)
    const history = await page.call('history', deviceId)
    check(
      history.at(-1)?.at === history.find(({ state }) => state === 'open')?.at,
      `The link: ${tell(history)}`,
    )
    saw('the old link never showed anything but "open"')
  },
}
