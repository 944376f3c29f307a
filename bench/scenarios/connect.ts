import type { Bench, Ends } from '../harness/bench'
import { dial } from '../harness/dial'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

/** Dialling, both peers registered: from the call to the answer of a first request. */
export const open: Scenario = {
  keys: ['connect.open'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const series = await inTurn(bench.rounds, {
        'PeerJS binary': await dials(bench, ends, 'peerjs-binary'),
        nanopeer: await dials(bench, ends, 'nanopeer'),
        again: await dials(bench, ends, 'peerjs-binary'),
        'PeerJS json': await dials(bench, ends, 'peerjs-json'),
      })
      const { again, ...found } = medians(series)
      return [
        {
          key: 'connect.open',
          title: 'Dial to first answer ÷ PeerJS dial to first echo',
          figures: [{ value: found.nanopeer / found['PeerJS binary'], unit: '×', target: { atMost: 1.05 } }],
          aa: again / found['PeerJS binary'],
          medians: found,
          unit: 'ms',
        },
      ]
    }),
}

/** A turn of several dials, each hung up again; their median. */
async function dials(
  bench: Bench,
  { asker, device }: Ends,
  contestant: string,
): Promise<() => Promise<number>> {
  const meeting = bench.meeting()
  await device.tell('answer', contestant, meeting)
  await asker.tell('ask', meeting.deviceId, contestant, meeting)
  return async () => {
    const times: number[] = []
    for (let count = 0; count < (bench.quick ? 3 : 10); count++) {
      times.push(await dial(asker, meeting.deviceId))
      await asker.tell('hangUp', meeting.deviceId)
    }
    return median(times)
  }
}
