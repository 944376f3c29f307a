import type { RenderCommands } from '../ends/render'
import { openPage } from '../harness/end'
import type { Figure, Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

const frames = 1000
const frame = 64 * 1024

/** What React commits for a request, and for a download that shows its progress. */
export const render: Scenario = {
  keys: ['render.request', 'render.hooks', 'render.rows', 'render.flood'],
  async run({ browser, server, meeting, rounds }) {
    const device = await openPage(browser, server)
    const page = await openPage<RenderCommands>(browser, server, 'ends/render.js')
    try {
      const place = meeting()
      await device.tell('answer', 'nanopeer', place)
      await page.tell('open', place)
      const requests: number[] = []
      for (let round = 0; round < rounds; round++) requests.push(await page.tell('request'))
      const downloads = [
        await page.tell('download', frames * frame),
        await page.tell('download', frames * frame),
      ]
      const hooks = await page.tell('hooks')
      const rows = await page.tell('rows')
      const flood = await page.tell('floods')
      const commits = (name: string, value: number, atMost: number): Figure => ({
        name,
        value,
        unit: 'commits',
        target: { atMost },
      })
      return [
        {
          key: 'render.hooks',
          title: 'What React commits until a hook shows what is open',
          figures: [
            commits('usePeer', hooks.peer, 3),
            commits('useConnection', hooks.connection, 3),
            commits('useRequest', hooks.request, 4),
          ],
          aa: 1,
        },
        {
          key: 'render.rows',
          title: 'Fifty devices in a list',
          figures: [
            commits('one row', rows.row, 2),
            commits('what is around them', rows.around, 3),
            // Nothing: a ratio to nothing is none.
            commits('in a second of rest', rows.idle, 0.5),
          ],
          aa: 1,
        },
        {
          key: 'render.flood',
          title: '10,000 events in 3 s',
          figures: [
            { name: 'commits', value: flood.perSecond, unit: 'commits/s', target: { atMost: 60 } },
            { name: 'longest frame', value: flood.longest, unit: 'ms', target: { atMost: 50 } },
          ],
          aa: 1,
        },
        {
          key: 'render.request',
          title: 'What React commits',
          figures: [
            { name: 'one request', value: median(requests), unit: 'commits', target: { atMost: 2 } },
            {
              name: 'a download of 1,000 frames',
              value: Math.max(...downloads),
              unit: 'commits/s',
              target: { atMost: 60 },
            },
          ],
          aa: Math.max(...downloads) / Math.min(...downloads),
        },
      ]
    } finally {
      await Promise.all([page.stop(), device.stop()])
    }
  },
}
