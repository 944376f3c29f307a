import type { PageEnd } from '../harness/end'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

/** Requests at once. */
const workers = 64

/** What a small request takes of JavaScript's memory while it lasts, counted by V8's sampling profiler. */
export const allocation: Scenario = {
  keys: ['request.allocation'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const count = bench.quick ? 5_000 : 20_000
      const allocated = async (handle: string) => {
        const run = () => ends.asker.tell('repeat', handle, workers, count)
        // Engines compile while they run.
        await run()
        const found = { asker: [] as number[], device: [] as number[] }
        for (let round = 0; round < 3; round++) {
          await Promise.all([startCounting(ends.asker), startCounting(ends.device)])
          await run()
          found.asker.push((await counted(ends.asker)) / count)
          found.device.push((await counted(ends.device)) / count)
        }
        return { asker: median(found.asker), device: median(found.device) }
      }
      const [nanopeer, batched] = [
        await bench.connect(ends, 'nanopeer'),
        await bench.connect(ends, 'raw-batched'),
      ]
      const [ours, byHand] = [await allocated(nanopeer.handle), await allocated(batched.handle)]
      return [
        {
          key: 'request.allocation',
          title: `Bytes that a small request allocates, ${workers} at once`,
          figures: [
            { name: 'asker', value: ours.asker, unit: 'bytes' },
            { name: 'device', value: ours.device, unit: 'bytes' },
          ],
          aa: 1,
          medians: { 'JSON batched by hand, asker': byHand.asker, device: byHand.device },
          unit: 'bytes',
        },
      ]
    }),
}

const startCounting = async ({ devtools }: PageEnd): Promise<void> => {
  await devtools.send('HeapProfiler.enable')
  await devtools.send('HeapProfiler.startSampling', {
    samplingInterval: 8192,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
}

/** Bytes allocated since it began. */
const counted = async ({ devtools }: PageEnd): Promise<number> => {
  const { profile } = await devtools.send('HeapProfiler.stopSampling')
  let bytes = 0
  const waiting = [profile.head]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    bytes += node.selfSize
    waiting.push(...node.children)
  }
  return bytes
}
