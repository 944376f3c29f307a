import type { DialFailure } from '@nanopeer/core'
import { stunServers } from '../actors/turn-server'
import { check, tell, untilState } from '../check'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'

/** What a dial may take by default, and what it takes to say so. */
const deadline = 15_000 + 1_000

export const symmetricWithoutRelay: Scenario = {
  name: 'Two symmetric NATs without TURN fail in time, and the cause says what is missing',
  nat: 'symmetric',
  async run(lab, saw) {
    const { page } = await lab.startBoth(stunServers)
    const begun = Date.now()
    await page.call('connect', deviceId)
    const closed = await untilState(page, deviceId, 'closed')
    saw(tell(await page.call('history', deviceId)))
    check(closed.at - begun <= deadline, `It took ${closed.at - begun} ms to fail.`)
    check(closed.error?.code === 'TIMEOUT', `The code is ${closed.error?.code}.`)
    const { stage, relayCandidate, explain } = closed.error.cause as DialFailure
    saw(`stage ${stage}, relay candidate: ${relayCandidate}: ${explain}`)
    check(stage === 'ice', `The stage is ${stage}.`)
    check(relayCandidate === false, 'A relay candidate is said to be there.')
    const { nat } = await page.call('diagnose', stunServers)
    saw(`diagnose: NAT ${nat}`)
    check(nat === 'symmetric', `The diagnosis takes the NAT for ${nat}.`)
    check(/no relay \(TURN\) candidate/.test(explain), 'The explanation does not name what is missing.')
  },
}
