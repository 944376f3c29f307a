import { stunServers } from '../actors/turn-server'
import { check, checkContent, rate, succeeded } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import { losePackets } from '../network/faults'
import type { Scenario } from '../scenario'

const size = 16 * 1024 * 1024

export const packetLoss: Scenario = {
  name: '16 MiB arrive exact where 2 % of the packets are lost',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    losePackets(lab.pageHome, 0.02)
    const outcome = await page.call('download', deviceId, 4, size)
    await checkContent('The download', succeeded('The download', outcome), 4, size)
    saw(`${rate(size, outcome.took)}, SHA-256 equal`)
    const { runs } = await device.call('handled')
    check(runs['lab.download'] === 1, `The handler ran ${runs['lab.download']} times.`)
  },
}
