import { stunServers } from '../actors/turn-server'
import { check, succeeded, tell } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'

export const busyPage: Scenario = {
  name: 'A page whose main thread is busy for 10 s keeps its link',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const begun = Date.now()
    await page.page.evaluate(() => {
      const end = performance.now() + 10_000
      while (performance.now() < end) Math.sqrt(end)
    })
    succeeded('A request after it', await page.call('echoes', deviceId, 10, 1, 0))
    const histories = [await page.call('history', deviceId), await device.call('history', page.id)]
    saw(`page: ${tell(histories[0] ?? [], begun) || 'nothing'}`)
    saw(`device: ${tell(histories[1] ?? [], begun) || 'nothing'}`)
    for (const history of histories) {
      check(
        history.at(-1)?.state === 'open' && history.at(-1)?.link === 1,
        `There is another link: ${tell(history)}`,
      )
    }
  },
}
