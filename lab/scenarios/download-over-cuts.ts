import { stunServers } from '../actors/turn-server'
import { check, checkContent, rate, succeeded } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { cutThrice } from './cuts'

const size = 64 * 1024 * 1024

export const downloadOverCuts: Scenario = {
  name: 'A download of 64 MiB survives three times 5 s without a line',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const download = page.call('download', deviceId, 1, size)
    await cutThrice(lab, saw, page, 'downloaded', size)
    const outcome = await download
    await checkContent('The download', succeeded('The download', outcome), 1, size)
    const { runs } = await device.call('handled')
    saw(`${rate(size, outcome.took)}, SHA-256 equal, the handler ran ${runs['lab.download']} time`)
    check(runs['lab.download'] === 1, `The handler ran ${runs['lab.download']} times.`)
  },
}
