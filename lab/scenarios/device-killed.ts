import { stunServers } from '../actors/turn-server'
import { check, succeeded, tell, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { untilHangs } from './hanging'

export const deviceKilled: Scenario = {
  name: 'A device that is killed is unstable within 4 s, and after its restart there is a new session',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const hanging = page.call('hang', deviceId)
    await untilHangs(device)
    const begun = Date.now()
    await device.kill()
    const unstable = await untilState(page, deviceId, 'unstable', { since: begun })
    check(unstable.at - begun <= 4000, `It took ${unstable.at - begun} ms to be unstable.`)
    const again = await lab.startDevice(stunServers)
    const restarted = Date.now()
    saw(`the device is back after ${((restarted - begun) / 1000).toFixed(1)} s`)
    const { failure } = await hanging
    const rejected = Date.now()
    check(failure?.code === 'CONNECTION_LOST', `The page's request: ${JSON.stringify(failure)}`)
    await untilState(page, deviceId, 'open', { since: restarted })
    saw(`page: ${tell(await page.call('history', deviceId), begun)}`)
    saw(`its request: ${failure.code} after ${((rejected - begun) / 1000).toFixed(1)} s`)
    succeeded('A request in the new session', await page.call('echoes', deviceId, 10, 1, 0))
    const { runs } = await again.call('handled')
    check(runs['lab.hang'] === undefined, 'The request of the old session was run again.')
    check(runs['lab.echo'] === 10, `The new session's requests ran ${runs['lab.echo']} times.`)
  },
}
