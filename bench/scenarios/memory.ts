import { setTimeout } from 'node:timers/promises'
import type { PageEnd } from '../harness/end'
import { heapOf, liveHeapOf } from '../harness/heap'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'

const MiB = 1024 * 1024

/** What the reader takes, a second. */
const pace = 8e6

/** A long download to a slow reader: what each side holds of it. */
export const memory: Scenario = {
  keys: ['stream.memory'],
  run: (bench) =>
    bench.withEnds(async ({ asker, device }) => {
      const { handle } = await bench.connect({ asker, device }, 'nanopeer')
      const size = (bench.quick ? 32 : 256) * MiB
      // Once through before: what is compiled and cached then is part of idle.
      await asker.tell('downloadSlowly', handle, 8 * MiB, pace)
      const idle = { asker: await liveHeapOf(asker), device: await liveHeapOf(device) }
      const seen = { asker: watch(asker, idle.asker), device: watch(device, idle.device) }
      await asker.tell('downloadSlowly', handle, size, pace)
      const [ofAsker, ofDevice] = [await seen.asker(), await seen.device()]
      return [
        {
          key: 'stream.memory',
          title: `${size / MiB} MiB to a reader that takes 8 MB/s: live bytes above idle, after a forced collection`,
          figures: [
            { name: 'reader', value: ofAsker.live, unit: 'MiB', target: { atMost: 6 } },
            { name: 'device', value: ofDevice.live, unit: 'MiB', target: { atMost: 6 } },
            { name: 'reader, unforced peak', value: ofAsker.peak, unit: 'MiB' },
            { name: 'device, unforced peak', value: ofDevice.peak, unit: 'MiB' },
          ],
          aa: Math.max(ofAsker.aa, ofDevice.aa),
          note:
            "counted: V8's heap, array buffers and the browser's objects of the page; largest of the samples. " +
            'Not counted: what the SCTP stack of the browser holds, which bufferedAmount bounds to 256 KiB.',
        },
      ]
    }),
}

/** Samples a page until asked: several times unforced, then once after a forced collection. All above idle, in MiB. */
function watch(end: PageEnd, idle: number) {
  const live: number[] = []
  let peak = 0
  let over = false
  const sampling = (async () => {
    while (!over) {
      for (let sample = 0; sample < 8 && !over; sample++) {
        peak = Math.max(peak, await heapOf(end))
        await setTimeout(100)
      }
      // When the transfer has ended meanwhile, the sample would be of an idle page.
      const bytes = await liveHeapOf(end)
      if (!over) live.push(bytes)
    }
  })()
  return async () => {
    over = true
    await sampling
    const above = (bytes: number) => (bytes - idle) / MiB
    const [lower, upper] = [quantile(live, 0.25), quantile(live, 0.75)]
    return { live: above(Math.max(...live)), peak: above(peak), aa: upper / lower }
  }
}
