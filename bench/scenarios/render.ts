import type { FrameworkName, RenderCommands } from '../ends/render/page'
import { openPage } from '../harness/end'
import type { Figure, Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

const frames = 1000
const frame = 64 * 1024

const commits = (name: string, value: number, atMost: number): Figure => ({
  name,
  value,
  unit: 'commits',
  target: { atMost },
})

/** One framework after the other, or they would wait for each other. */
const onEach = async (measure: (name: FrameworkName) => Promise<Figure[]>): Promise<Figure[]> => {
  const figures: Figure[] = []
  for (const name of ['React', 'Vue', 'Svelte'] as const) figures.push(...(await measure(name)))
  return figures
}

/** What each framework commits while things open and events come; what React commits for a request, and for a download that shows its progress. */
export const render: Scenario = {
  keys: ['render.request', 'render.hooks', 'render.rows', 'render.flood'],
  async run({ browser, server, meeting, rounds }) {
    const device = await openPage(browser, server)
    const page = await openPage<RenderCommands>(browser, server, 'ends/render/page.js')
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
      const hooks = await onEach(async (name): Promise<Figure[]> => {
        const { peer, connection, request } = await page.tell('hooks', name)
        return [
          commits(`${name}, usePeer`, peer, 3),
          commits(`${name}, useConnection`, connection, 3),
          commits(`${name}, useRequest`, request, 4),
        ]
      })
      const rows = await onEach(async (name): Promise<Figure[]> => {
        const { row, around, idle } = await page.tell('rows', name)
        return [
          commits(`${name}, one row`, row, 2),
          commits(`${name}, what is around them`, around, 3),
          // Nothing: a ratio to nothing is none.
          commits(`${name}, in a second of rest`, idle, 0.5),
        ]
      })
      const flood = await onEach(async (name): Promise<Figure[]> => {
        const { perSecond, longest } = await page.tell('flood', name)
        return [
          { name: `${name}, commits`, value: perSecond, unit: 'commits/s', target: { atMost: 60 } },
          { name: `${name}, longest frame`, value: longest, unit: 'ms', target: { atMost: 50 } },
        ]
      })
      return [
        { key: 'render.hooks', title: 'Commits until a hook shows what is open', figures: hooks, aa: 1 },
        { key: 'render.rows', title: 'Fifty devices in a list', figures: rows, aa: 1 },
        { key: 'render.flood', title: '10,000 events in 3 s', figures: flood, aa: 1 },
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
