import { setTimeout } from 'node:timers/promises'
import type { FollowerCommands } from '../ends/followers'
import type { NodeCommands } from '../ends/node'
import type { Bench } from '../harness/bench'
import { type End, openPage, type PageEnd, startNodeEnd } from '../harness/end'
import { liveHeapOf } from '../harness/heap'
import type { Scenario } from '../harness/scenario'
import { median, quantile } from '../harness/statistics'

const MiB = 1024 * 1024

interface Ends {
  readonly device: End<NodeCommands>
  readonly page: PageEnd<FollowerCommands>
}

/** A Node device that shares a store, and a page with so many peers that follow it. */
async function withFollowers<Outcome>(
  { browser, server, meeting }: Bench,
  count: number,
  use: (ends: Ends) => Promise<Outcome>,
): Promise<Outcome> {
  const device = await startNodeEnd('nanopeer')
  const page = await openPage<FollowerCommands>(browser, server, 'ends/followers.js')
  try {
    const place = meeting()
    await device.tell('shareStore', place)
    await page.tell('open', place, count)
    return await use({ device, page })
  } finally {
    await Promise.all([page.stop(), device.stop()])
  }
}

const followers = 100

/** One change of a state, to a hundred who follow it. */
export const fanOut: Scenario = {
  keys: ['store.fanout'],
  run: (bench) =>
    withFollowers(bench, followers, async ({ device, page }) => {
      const changes = bench.quick ? 10 : 30
      /** Ms until it is shown, and ms of the device's work for one change. */
      const measured = async (turn: () => Promise<readonly number[]>) => {
        await Promise.all([page.collect(), device.collect()])
        const before = await device.tell('worked')
        const found = await turn()
        return { p95: quantile(found, 0.95), work: ((await device.tell('worked')) - before) / changes }
      }
      const requests = () => page.tell('requests', changes)
      const turns = {
        request: requests,
        store: () => page.tell('fanOut', 'change', changes),
        messages: () => page.tell('fanOut', 'tell', changes),
        'request again': requests,
        'messages again': () => page.tell('fanOut', 'tell', changes),
      }
      const series: Record<string, { p95: number[]; work: number[] }> = {}
      for (let round = 0; round <= bench.rounds; round++) {
        for (const [name, turn] of Object.entries(turns)) {
          const { p95, work } = await measured(turn)
          // The first round only warms up.
          if (round === 0) continue
          series[name] ??= { p95: [], work: [] }
          series[name].p95.push(p95)
          series[name].work.push(work)
        }
      }
      const of = (name: keyof typeof turns) => ({
        p95: median(series[name]?.p95 ?? []),
        work: median(series[name]?.work ?? []),
      })
      const [request, store, messages] = [of('request'), of('store'), of('messages')]
      return [
        {
          key: 'store.fanout',
          title: `One change of a store to ${followers} who follow it`,
          figures: [
            { name: 'until shown', value: store.p95 / request.p95, unit: '×', target: { atMost: 3 } },
            {
              name: 'work of the device',
              value: store.work / messages.work,
              unit: '×',
              target: { atMost: 1.3 },
            },
          ],
          aa: Math.max(of('request again').p95 / request.p95, of('messages again').work / messages.work),
          medians: {
            'request, p95': request.p95,
            'store, p95': store.p95,
            'messages, p95': messages.p95,
            'work of a change': store.work,
            'work of messages': messages.work,
          },
          unit: 'ms',
          note:
            'until shown: p95 of all who follow, counted from the request that makes the change, ÷ p95 of one request. All ' +
            'are peers of one page, whose one thread takes the changes one after the other, as it does the messages. ' +
            'work: processor time of the device, all threads, ÷ that of one small message by hand to each.',
        },
      ]
    }),
}

const perSecond = 1000
/** Ms that the slow reader takes for a state. */
const taken = 100

/** A state that changes far more often than its reader can take. */
export const conflation: Scenario = {
  keys: ['store.conflation'],
  run: (bench) =>
    withFollowers(bench, 1, async ({ device, page }) => {
      const duration = bench.quick ? 3000 : 10_000
      const live = async () => ({
        device: (await device.tell('memory')).live,
        page: await liveHeapOf(page),
      })
      // Once through before: what is compiled and cached then is part of idle.
      await page.tell('takeTime', taken)
      await device.tell('churn', perSecond, 1000)
      await setTimeout(1000)
      const idle = await live()
      await page.tell('takeTime', taken)
      const samples: (typeof idle)[] = []
      let isOver = false
      const sampling = (async () => {
        while (!isOver) {
          await setTimeout(300)
          if (!isOver) samples.push(await live())
        }
      })()
      const last = await device.tell('churn', perSecond, duration)
      const start = performance.now()
      isOver = true
      while ((await page.tell('latest')) !== last) {
        await setTimeout(10)
        if (performance.now() - start > 10_000) throw new Error('The last state has not arrived within 10 s.')
      }
      const late = performance.now() - start
      await sampling
      const shown = await page.tell('takeTime', 0)
      const above = (end: keyof typeof idle) =>
        Math.max(...samples.map((sample) => sample[end] - idle[end])) / MiB
      return [
        {
          key: 'store.conflation',
          title: `${perSecond} changes a second to a reader who takes ${1000 / taken}`,
          figures: [
            { name: 'memory of the device', value: above('device'), unit: 'MiB', target: { atMost: 1 } },
            { name: 'memory of the reader', value: above('page'), unit: 'MiB', target: { atMost: 1 } },
            { name: 'the last value is shown after', value: late, unit: 'ms', target: { atMost: 5 * taken } },
            { name: 'states shown a second', value: shown / (duration / 1000), unit: '1/s' },
          ],
          aa: 1,
          note:
            'memory: live bytes after a forced collection, the largest of all samples, above those of rest. The reader is a ' +
            'listener that computes for 100 ms at each state.',
        },
      ]
    }),
}
