import { stunServers } from '../actors/turn-server'
import { check, tell, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { untilHangs } from './hanging'

export const browserKilled: Scenario = {
  name: 'A browser that is killed is unstable within 4 s, and what waits for it rejects once',
  nat: 'cone',
  resumeTimeout: 12_000,
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    page.call('hang', deviceId).catch(() => {}) // It ends with the page.
    const hanging = device.call('hang', page.id)
    await untilHangs(device)
    await untilHangs(page)
    const begun = Date.now()
    lab.pageHome.device.kill()
    const unstable = await untilState(device, page.id, 'unstable', { since: begun })
    check(unstable.at - begun <= 4000, `It took ${unstable.at - begun} ms to be unstable.`)
    const { failure } = await hanging
    const rejected = Date.now()
    saw(`device: ${tell(await device.call('history', page.id), begun)}`)
    saw(`the device's request: ${failure?.code} after ${((rejected - begun) / 1000).toFixed(1)} s`)
    check(failure?.code === 'CONNECTION_LOST', `The device's request: ${JSON.stringify(failure)}`)
    const { aborted } = await device.call('handled')
    check(aborted.length === 1, `The signal of the page's request fired ${aborted.length} times.`)
    saw("the signal of the page's request fired once")
  },
}
