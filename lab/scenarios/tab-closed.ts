import { stunServers } from '../actors/turn-server'
import { check, tell, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { until } from '../wait'
import { untilHangs } from './hanging'

const size = 256 * 1024 * 1024

export const tabClosed: Scenario = {
  name: 'A tab that is closed is gone within 1 s',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const hanging = device.call('hang', page.id)
    await untilHangs(page)
    const begun = Date.now()
    await page.page.close({ runBeforeUnload: true })
    const closed = await untilState(device, page.id, 'closed', { since: begun })
    const { failure } = await hanging
    saw(`device: ${tell(await device.call('history', page.id), begun)}; its request: ${failure?.code}`)
    check(closed.at - begun <= 1000, `It took ${closed.at - begun} ms.`)
    check(failure?.code === 'CONNECTION_LOST', `The device's request: ${JSON.stringify(failure)}`)
  },
}

export const tabClosedInDownload: Scenario = {
  name: 'A tab that is closed in the middle of a download is gone within 3 s',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const hanging = device.call('hang', page.id)
    page.call('download', deviceId, 5, size).catch(() => {}) // It ends with the page.
    await until('it is under way', async () => (await page.call('progress')).downloaded > 4 * 1024 * 1024)
    const begun = Date.now()
    await page.page.close({ runBeforeUnload: true })
    const closed = await untilState(device, page.id, 'closed', { since: begun })
    const { failure } = await hanging
    saw(`device: ${tell(await device.call('history', page.id), begun)}; its request: ${failure?.code}`)
    check(closed.at - begun <= 3000, `It took ${closed.at - begun} ms.`)
    check(failure?.code === 'CONNECTION_LOST', `The device's request: ${JSON.stringify(failure)}`)
    const { aborted } = await device.call('handled')
    check(aborted.length === 1, `The download's signal fired ${aborted.length} times.`)
  },
}
