import { signallingPort } from '../actors/signalling-server'
import { stunServers } from '../actors/turn-server'
import { check, succeeded, tell, untilPeerState, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import { swallowPort } from '../network/faults'
import type { Scenario } from '../scenario'

/** What it may take to find out, in ms: how long a probe may take, and the quiet time before it where nobody is dialled. */
const noticedDialling = 5_000 + 2_000
const noticedQuiet = 25_000 + noticedDialling

export const signallingSwallowed: Scenario = {
  name: 'Signalling packets that vanish silently are noticed, links go on, and new dials wait',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const second = await lab.startDevice(stunServers, 'second')
    const begun = Date.now()
    const release = swallowPort(lab.internet, signallingPort)
    await page.call('connect', second.id)
    for (const actor of [page, device, second]) {
      const { at } = await untilPeerState(actor, 'disconnected', { since: begun })
      saw(`${actor.id} shows "disconnected" after ${((at - begun) / 1000).toFixed(1)} s`)
      check(at - begun < (actor === page ? noticedDialling : noticedQuiet), 'That took too long.')
    }
    succeeded('A request meanwhile', await page.call('echoes', deviceId, 10, 1, 0))
    release()
    const back = Date.now()
    const open = await untilState(page, second.id, 'open', { since: begun })
    saw(`new dial open ${((open.at - back) / 1000).toFixed(1)} s after packets get through again`)
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
