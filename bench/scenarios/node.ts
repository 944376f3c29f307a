import { startNodeEnd } from '../harness/end'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { describe, sweep } from '../harness/sweep'

const MiB = 1024 * 1024

/** A Node device sends to a page, against node-datachannel by hand. */
export const nodeDownload: Scenario = {
  keys: ['node.download'],
  run: (bench) =>
    bench.withEnds(async ({ asker }) => {
      const [nanopeerEnd, rawEnd] = [await startNodeEnd('nanopeer'), await startNodeEnd('raw')]
      try {
        const size = (bench.quick ? 12 : 128) * MiB
        const bulk = await sweep(bench, 'Raw node-datachannel', async (settings) => {
          const pair = await bench.connect({ asker, device: rawEnd }, 'raw', settings)
          const rate = await asker.tell('download', pair.handle, (bench.quick ? 6 : 48) * MiB)
          await pair.close()
          return rate
        })
        const connect = (contestant: string) =>
          bench.connect({ asker, device: contestant === 'raw' ? rawEnd : nanopeerEnd }, contestant, bulk)
        const [raw, nanopeer, again] = [await connect('raw'), await connect('nanopeer'), await connect('raw')]
        const rate = (handle: string) => async () => (await asker.tell('download', handle, size)) / 1e6
        const series = await inTurn(
          bench.rounds,
          { raw: rate(raw.handle), nanopeer: rate(nanopeer.handle), 'raw again': rate(again.handle) },
          async () => {
            await Promise.all([asker.collect(), nanopeerEnd.collect(), rawEnd.collect()])
          },
        )
        const { 'raw again': rawAgain, ...found } = medians(series)
        return [
          {
            key: 'node.download',
            title: 'MB/s from a Node device to Chromium ÷ raw node-datachannel at its best',
            figures: [{ value: found.nanopeer / found.raw, unit: '×', target: { atLeast: 0.9 } }],
            aa: rawAgain / found.raw,
            medians: found,
            unit: 'MB/s',
            note: `raw at its best: ${describe(bulk)}`,
          },
        ]
      } finally {
        await Promise.all([nanopeerEnd.stop(), rawEnd.stop()])
      }
    }),
}
