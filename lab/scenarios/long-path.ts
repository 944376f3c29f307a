import { stunServers } from '../actors/turn-server'
import { checkContent, rate, succeeded } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { cutThrice } from './cuts'

const size = 4 * 1024 * 1024

export const longPath: Scenario = {
  name: 'A download over 50 ms each way, with 1 % lost, survives three times 5 s without a line',
  nat: 'cone',
  line: { delay: 0.05, loss: 0.01, rate: 50_000_000 },
  async run(lab, saw) {
    const { page } = await connectBoth(lab, stunServers)
    const download = page.call('download', deviceId, 7, size)
    await cutThrice(lab, saw, page, 'downloaded', size)
    const outcome = await download
    await checkContent('The download', succeeded('The download', outcome), 7, size)
    saw(`${rate(size, outcome.took)}, SHA-256 equal`)
  },
}
