import { stunServers } from '../actors/turn-server'
import { check, tell, untilState } from '../check'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { until } from '../wait'

export const coneToCone: Scenario = {
  name: 'Two cone NATs meet with STUN alone, and the route is direct',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await lab.startBoth(stunServers)
    const begun = Date.now()
    await page.call('connect', deviceId)
    const open = await untilState(page, deviceId, 'open')
    saw(`open after ${open.at - begun} ms: ${tell(await page.call('history', deviceId))}`)
    const { route, rtt } = await until('a route', async () => {
      const stats = await page.call('stats', deviceId)
      return stats.route && stats.rtt !== null && stats
    })
    saw(`route ${route}, round trip ${rtt.toFixed(1)} ms`)
    check(route === 'direct', `The route is ${route}.`)
    check((await device.call('history', page.id)).at(-1)?.state === 'open', 'The device has it open too.')
  },
}
