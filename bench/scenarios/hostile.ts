import type { MalloryCommands } from '../ends/mallory'
import { openPage } from '../harness/end'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'

/** A friend asks a device while somebody else floods it: one flood after the other, each of them twice. */
export const hostile: Scenario = {
  keys: ['hostile.p95'],
  run: (bench) =>
    bench.withEnds(async ({ asker, device }) => {
      const mallory = await openPage<MalloryCommands>(bench.browser, bench.server, 'ends/mallory.js')
      try {
        const duration = bench.quick ? 200 : 2000
        const times: Record<string, number[]> = {}
        const laps: number[][] = []
        for (const lap of bench.quick ? [1, 2] : [0, 1, 2]) {
          // A device that has met nobody: it remembers who dialled too often.
          const meeting = bench.meeting()
          const friend = `friend ${lap}`
          await device.tell('answer', 'nanopeer-guarded', meeting)
          await asker.tell('ask', friend, 'nanopeer-guarded', meeting)
          await asker.tell('dial', friend)
          const asks = async (name: string) => {
            const measured = await asker.tell('paced', friend, duration)
            // The first lap only warms up; a quick run has none.
            if (lap > 0) times[name] = [...(times[name] ?? []), ...measured]
            return measured
          }
          await asks('nobody')
          const names = await mallory.tell('names')
          for (const name of names) await mallory.tell('prepare', name, meeting)
          const ofLap: number[] = []
          for (const name of names) {
            const flood = mallory.tell('flood', name, duration)
            ofLap.push(...(await asks(name)))
            if ((await flood) === 0) throw new Error(`There was no flood of ${name}.`)
          }
          if (lap > 0) laps.push(ofLap)
          await asker.tell('close', friend)
          await device.tell('close', meeting.deviceId)
        }
        const p95 = (measured: readonly number[] = []) => quantile(measured, 0.95)
        const { nobody, ...flooded } = Object.fromEntries(
          Object.entries(times).map(([name, measured]) => [name, p95(measured)]),
        )
        return [
          {
            key: 'hostile.p95',
            title: "A friend's request while a stranger floods the device (p95)",
            figures: [
              { name: 'all floods', value: p95(laps.flat()), unit: 'ms', target: { atMost: 100 } },
              {
                name: 'the worst one',
                value: Math.max(...Object.values(flooded)),
                unit: 'ms',
                target: { atMost: 60 },
              },
            ],
            aa: p95(laps[1]) / p95(laps[0]),
            medians: { nobody: nobody ?? Number.NaN, ...flooded },
            unit: 'ms, p95 by flood',
          },
        ]
      } finally {
        await mallory.stop()
      }
    }),
}
