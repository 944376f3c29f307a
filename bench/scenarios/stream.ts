import type { BulkSettings } from '../ends/contestant'
import type { Bench, Ends, Pair } from '../harness/bench'
import { inTurn, medians, type Series } from '../harness/rounds'
import type { Result, Scenario } from '../harness/scenario'
import { describe, sweep } from '../harness/sweep'
import { collect } from './collect'

const MiB = 1024 * 1024

/** PeerJS takes 64 KiB at a time by default here; this is what it gains from more. */
const large: BulkSettings = { message: 256 * 1024, highWater: 1024 * 1024 }

type Direction = 'download' | 'upload'

/** Measures one direction: everybody sends as much, the slower ones less. */
async function transfers(bench: Bench, ends: Ends, direction: Direction, bulk: BulkSettings) {
  const size = (bench.quick ? 12 : 128) * MiB
  const pairs: Pair[] = []
  const turn = async (contestant: string, bytes: number, settings?: BulkSettings) => {
    const pair = await bench.connect(ends, contestant, settings)
    pairs.push(pair)
    return async () => (await ends.asker.tell(direction, pair.handle, bytes)) / 1e6
  }
  const series = await inTurn(
    bench.rounds,
    {
      raw: await turn('raw', size, bulk),
      nanopeer: await turn('nanopeer', size),
      'raw again': await turn('raw', size, bulk),
      'PeerJS binary': await turn('peerjs-binary', size / 4),
      'PeerJS binary, 256 KiB': await turn('peerjs-binary', size / 4, large),
      'PeerJS MsgPack': await turn('peerjs-msgpack', size / 8),
      'PeerJS json': await turn('peerjs-json', size / 8),
      Trystero: await turn('trystero', size / 8),
    },
    () => collect(ends),
  )
  for (const pair of pairs) await pair.close()
  return series
}

function resultOf(direction: Direction, series: Record<string, Series>, bulk: BulkSettings): Result {
  const { 'raw again': again, ...found } = medians(series) as Record<string, number>
  const { raw = Number.NaN, nanopeer = Number.NaN } = found
  return {
    key: `stream.${direction}`,
    title: `MB/s of a ${direction} ÷ a raw channel at its best`,
    figures: [{ value: nanopeer / raw, unit: '×', target: { atLeast: 0.95 } }],
    aa: (again ?? Number.NaN) / raw,
    medians: found,
    unit: 'MB/s',
    note: `raw at its best: ${describe(bulk)}`,
  }
}

function againstPeerjs(results: readonly Result[]): Result {
  const figures = results.map(({ key, medians: found }) => {
    const peerjs = found?.['PeerJS binary'] ?? Number.NaN
    return {
      name: key.replace('stream.', ''),
      value: (found?.nanopeer ?? Number.NaN) / peerjs,
      unit: '×',
      // No more than the channel under both can give.
      target: { atLeast: Number(((0.98 * (found?.raw ?? Number.NaN)) / peerjs).toPrecision(3)) },
    }
  })
  return {
    key: 'stream.vsPeerjs',
    title: 'The same ÷ PeerJS binary, 64 KiB to a send()',
    figures,
    aa:
      results.map(({ aa }) => aa).sort((a, b) => Math.abs(Math.log(b)) - Math.abs(Math.log(a)))[0] ??
      Number.NaN,
  }
}

/** Bulk in both directions, against a raw channel at its best settings. */
export const throughput: Scenario = {
  keys: ['stream.download', 'stream.upload', 'stream.vsPeerjs'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const bulk = await sweep(bench, 'A raw channel', async (settings) => {
        const pair = await bench.connect(ends, 'raw', settings)
        const rate = await ends.asker.tell('download', pair.handle, (bench.quick ? 6 : 48) * MiB)
        await pair.close()
        return rate
      })
      const results: Result[] = []
      for (const direction of ['download', 'upload'] as const) {
        results.push(resultOf(direction, await transfers(bench, ends, direction, bulk), bulk))
      }
      return [...results, againstPeerjs(results)]
    }),
}

/** Four downloads at once: none may starve. */
export const fairness: Scenario = {
  keys: ['stream.fairness'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const pair = await bench.connect(ends, 'nanopeer')
      const streams = 4
      const turn = async () => {
        const loaded = await ends.asker.tell('fairness', pair.handle, streams, (bench.quick ? 4 : 32) * MiB)
        return Math.min(...loaded) / Math.max(...loaded)
      }
      const series = await inTurn(bench.rounds, { nanopeer: turn, again: turn }, () => collect(ends))
      const found = medians(series)
      return [
        {
          key: 'stream.fairness',
          title: 'Four downloads at once: bytes of the slowest ÷ the fastest when that ends',
          figures: [{ value: found.nanopeer, unit: '×', target: { atLeast: 0.8 } }],
          aa: found.again / found.nanopeer,
        },
      ]
    }),
}
