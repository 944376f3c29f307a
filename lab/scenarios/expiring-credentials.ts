import type { ExpiringTurn } from '../actors/settings'
import { turnUrl } from '../actors/turn-server'
import { check, succeeded, tell, untilState } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { last } from '../wait'
import { untilRoute } from './route'

/** Longer than the 10 s for which whoever is dialled uses the same ones again. */
const turn: ExpiringTurn = { urls: turnUrl, sharedSecret: 'lab-secret', lifetime: 12 }

export const expiringCredentials: Scenario = {
  name: 'TURN credentials that have expired are asked for anew before the next dial',
  nat: 'symmetric',
  turn: turn,
  async run(lab, saw) {
    const { page } = await connectBoth(lab, turn)
    const before = await page.call('iceServersAsked')
    check((await untilRoute(page)).route === 'relay', 'The first route is no relay.')
    await last((turn.lifetime + 2) * 1000)
    saw(`credentials of ${turn.lifetime} s have expired, asked ${before} time for them`)
    const begun = Date.now()
    check((await page.call('cutLinks')) === 1, 'There was no link to cut.')
    await untilState(page, deviceId, 'open', { since: begun })
    const after = await page.call('iceServersAsked')
    saw(`after a cut: ${tell(await page.call('history', deviceId), begun)}, asked ${after} times`)
    check(after > before, 'The next dial used the old credentials.')
    check((await untilRoute(page)).route === 'relay', 'The second route is no relay.')
    succeeded('A request', await page.call('echoes', deviceId, 10, 1, 0))
  },
}
