import { stunServers } from '../actors/turn-server'
import { check, tell, untilState } from '../check'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { untilRoute } from './route'

export const coneToCone: Scenario = {
  name: 'Two cone NATs meet with STUN alone, and the route is direct',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await lab.startBoth(stunServers)
    await page.call('connect', deviceId)
    await untilState(page, deviceId, 'open')
    saw(tell(await page.call('history', deviceId)))
    const { route, rtt } = await untilRoute(page)
    saw(`route ${route}, round trip ${rtt.toFixed(1)} ms`)
    check(route === 'direct', `The route is ${route}.`)
    await untilState(device, page.id, 'open')
    check(
      (await untilRoute(device, page.id)).route === 'direct',
      'The device calls the route something else.',
    )
  },
}
