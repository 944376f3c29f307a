import type { Tab } from '../actors/browser'
import type { Progress } from '../actors/subject'
import { check, tell, untilState } from '../check'
import { deviceId, type Lab } from '../lab'
import { cutLine } from '../network/faults'
import type { Saw } from '../scenario'
import { last, until } from '../wait'

/** How long the line is down, ms. */
const downtime = 5000

/**
 * Takes the page's line down three times for 5 s, when a tenth, four tenths and seven tenths of `size` have moved,
 * and waits each time until the connection is open again.
 */
export const cutThrice = async (lab: Lab, saw: Saw, page: Tab, what: keyof Progress, size: number) => {
  for (const share of [0.1, 0.4, 0.7]) {
    const moved = await until(`${share * 100} % moved`, async () => {
      const progress = await page.call('progress')
      return progress[what] >= share * size && progress[what]
    })
    check(moved < size, 'All had moved before the line was cut.')
    const begun = Date.now()
    const restore = cutLine(lab.pageHome)
    await untilState(page, deviceId, 'unstable', { since: begun })
    await last(Math.max(0, downtime - (Date.now() - begun)))
    restore()
    const open = await untilState(page, deviceId, 'open', { since: begun })
    saw(`cut at ${Math.round((moved / size) * 100)} %: ${tell(await page.call('history', deviceId), begun)}`)
    const again = await until('it moves again', async () => {
      const progress = (await page.call('progress'))[what]
      return progress > moved && progress
    })
    check(again > moved, `Nothing moved after ${open.at}.`)
  }
}
