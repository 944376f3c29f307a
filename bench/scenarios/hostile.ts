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
        const meeting = bench.meeting()
        await device.tell('answer', 'nanopeer-guarded', meeting)
        await asker.tell('ask', 'friend', 'nanopeer-guarded', meeting)
        await asker.tell('dial', 'friend')
        const duration = bench.quick ? 400 : 2000
        const asks = () => asker.tell('paced', 'friend', duration)
        const names = await mallory.tell('names')
        for (const name of names) await mallory.tell('prepare', name, meeting)
        const times: Record<string, number[]> = { nobody: await asks() }
        const laps: number[][] = []
        for (let lap = 0; lap < 2; lap++) {
          const ofLap: number[] = []
          for (const name of names) {
            const flood = mallory.tell('flood', name, duration)
            const measured = await asks()
            const waves = await flood
            if (waves === 0) throw new Error(`There was no flood of ${name}.`)
            times[name] = [...(times[name] ?? []), ...measured]
            ofLap.push(...measured)
            bench.say(`${name}: ${waves} waves, p95 ${quantile(measured, 0.95).toFixed(1)} ms`)
          }
          laps.push(ofLap)
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
                target: { atMost: 100 },
              },
            ],
            aa: p95(laps[1]) / p95(laps[0]),
            medians: { nobody: nobody ?? Number.NaN, ...flooded },
            unit: 'ms, p95 by flood',
          },
        ]
      } finally {
        await mallory.tell('leave')
        await mallory.stop()
      }
    }),
}
