import { stunServers, turnServer } from '../actors/turn-server'
import { check, tell, untilState } from '../check'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { untilRoute } from './route'

export const symmetricWithRelay: Scenario = {
  name: 'Two symmetric NATs meet through TURN, and the route is a relay',
  nat: 'symmetric',
  async run(lab, saw) {
    const { page, device } = await lab.startBoth([...stunServers, turnServer])
    await page.call('connect', deviceId)
    await untilState(page, deviceId, 'open')
    saw(tell(await page.call('history', deviceId)))
    const { route, rtt } = await untilRoute(page)
    saw(`route ${route}, round trip ${rtt.toFixed(1)} ms`)
    check(route === 'relay', `The route is ${route}.`)
    await untilState(device, page.id, 'open')
    check((await untilRoute(device, page.id)).route === 'relay', 'The device calls the route something else.')
  },
}
