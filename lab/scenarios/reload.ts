import { stunServers } from '../actors/turn-server'
import { check, succeeded, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'

const reloads = 20

export const reload: Scenario = {
  name: 'A page that is reloaded 20 times is open under the same id each time',
  nat: 'cone',
  async run(lab, saw) {
    const { page } = await connectBoth(lab, stunServers)
    const times: number[] = []
    for (let number = 1; number <= reloads; number++) {
      await page.page.reload()
      const loaded = Date.now()
      await page.call('connect', deviceId)
      await untilState(page, deviceId, 'open')
      times.push(Date.now() - loaded)
      const errors = (await page.call('peerHistory')).flatMap(({ error }) => (error ? [error.code] : []))
      check(errors.length === 0, `Reload ${number} showed ${errors}.`)
      succeeded(`A request after reload ${number}`, await page.call('echoes', deviceId, 1, 1, 0))
    }
    saw(`from loaded to open: ${times.join(', ')} ms`)
  },
}
