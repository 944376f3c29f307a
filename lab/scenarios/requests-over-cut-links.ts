import { stunServers } from '../actors/turn-server'
import { check, succeeded, tell } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { last } from '../wait'

const count = 2000

export const requestsOverCutLinks: Scenario = {
  name: '2,000 requests are each handled and answered once while links are cut every 300 to 800 ms',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    let done = false
    const requests = page.call('echoes', deviceId, count, 8, 50).finally(() => {
      done = true
    })
    let cuts = 0
    while (!done) {
      await last(300 + Math.random() * 500)
      cuts += await page.call('cutLinks')
    }
    const outcome = await requests
    const history = await page.call('history', deviceId)
    if (outcome.failure) saw(tell(history))
    const answered = succeeded('A request', outcome)
    const { echoed, echoedTwice } = await device.call('handled')
    const links = history.filter(({ state }) => state === 'open').length
    saw(`${answered} answered in ${(outcome.took / 1000).toFixed(1)} s, ${cuts} cuts, ${links} links`)
    check(cuts >= 10, `Only ${cuts} links were cut.`)
    check(answered === count, `${answered} of ${count} were answered with what they asked.`)
    check(echoed === count && echoedTwice === 0, `${echoed} were handled, ${echoedTwice} more than once.`)
  },
}
