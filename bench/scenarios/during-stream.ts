import type { Bench, Ends } from '../harness/bench'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'
import { collect } from './collect'

const MiB = 1024 * 1024

/** Requests while a download saturates the link: what a click costs during a transfer. */
export const duringStream: Scenario = {
  keys: ['request.duringStream'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const size = (bench.quick ? 12 : 96) * MiB
      const nanopeer = await clicks(bench, ends, 'nanopeer', size)
      const peerjs = await clicks(bench, ends, 'peerjs-binary', size / 4)
      // One transfer gives both figures: the turns measure, and the series are put together from what they saw.
      const series = await inTurn(
        bench.rounds,
        { nanopeer: nanopeer.turn, again: nanopeer.turn, 'PeerJS binary': peerjs.turn },
        () => collect(ends),
      )
      const found = medians(series)
      const all = nanopeer.times()
      return [
        {
          key: 'request.duringStream',
          title: 'A request while a stream saturates the link',
          figures: [
            { name: 'p50', value: quantile(all, 0.5), unit: 'ms', target: { atMost: 20 } },
            { name: 'p95', value: quantile(all, 0.95), unit: 'ms', target: { atMost: 40 } },
          ],
          aa: found.again / found.nanopeer,
          medians: { nanopeer: found.nanopeer, 'PeerJS binary': found['PeerJS binary'] },
          unit: 'ms',
        },
      ]
    }),
}

/** Round trips of one contestant during its own downloads: a turn gives their median, `times` all of them. */
async function clicks(bench: Bench, ends: Ends, contestant: string, size: number) {
  const { handle } = await bench.connect(ends, contestant)
  let turns = 0
  const times: number[] = []
  return {
    async turn() {
      const measured = await ends.asker.tell('duringDownload', handle, size)
      // The first turn only warms up.
      if (turns++ > 0) times.push(...measured)
      return quantile(measured, 0.5)
    },
    times: () => times,
  }
}
