import type { RenderCommands } from '../ends/render'
import { openPage } from '../harness/end'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

const frames = 1000
const frame = 64 * 1024

/** What React commits for a request, and for a download that shows its progress. */
export const render: Scenario = {
  keys: ['render.request'],
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
      return [
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
