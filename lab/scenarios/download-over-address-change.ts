import { stunServers } from '../actors/turn-server'
import { check, checkContent, rate, succeeded, tell, untilPeerState, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import { changeAddress } from '../network/faults'
import type { Scenario } from '../scenario'
import { until } from '../wait'

const size = 64 * 1024 * 1024

export const downloadOverAddressChange: Scenario = {
  name: "A download of 64 MiB survives that the NAT's outside address changes half-way",
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const download = page.call('download', deviceId, 2, size)
    await until('half of it is there', async () => (await page.call('progress')).downloaded >= size / 2)
    const begun = Date.now()
    changeAddress(lab.pageHome, '203.0.113.101')
    const outcome = await download
    await checkContent('The download', succeeded('The download', outcome), 2, size)
    saw(`page: ${tell(await page.call('history', deviceId), begun)}`)
    saw(`device: ${tell(await device.call('history', page.id), begun)}`)
    await untilState(page, deviceId, 'open', { since: begun })
    const { runs } = await device.call('handled')
    saw(`${rate(size, outcome.took)}, SHA-256 equal, the handler ran ${runs['lab.download']} time`)
    check(runs['lab.download'] === 1, `The handler ran ${runs['lab.download']} times.`)
    await untilPeerState(page, 'open', { since: begun })
    saw(`signalling of the page: ${tell(await page.call('peerHistory'), begun)}`)
  },
}
