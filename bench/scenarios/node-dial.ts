import type { Bench, Ends } from '../harness/bench'
import { type End, startNodeEnd } from '../harness/end'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'

/** A dial that waited for DTLS to send again took at least so long, in ms. Source: docs/decisions/0042 */
const retransmitted = 900

/** Dials with a Node process at one end or at both, from the call to the first answer: the slowest matter here. */
export const nodeDial: Scenario = {
  keys: ['node.dial'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const [device, asker] = [await startNodeEnd('nanopeer'), await startNodeEnd('nanopeer')]
      try {
        const count = bench.quick ? 40 : 500
        const toNode = await dials(bench, asker, device, count)
        const again = await dials(bench, asker, device, count)
        const fromPage = await dials(bench, ends.asker, device, count / 5)
        const toPage = await dials(bench, asker, ends.device, count / 5)
        const both = [...toNode, ...again]
        const spread = (times: readonly number[]) => quantile(times, 0.99) / quantile(times, 0.5)
        return [
          {
            key: 'node.dial',
            title: `Dial to first answer: ${2 * count} from Node to Node, ${count / 5} with Chromium at either end`,
            figures: [
              { name: 'p50', value: quantile(both, 0.5), unit: 'ms' },
              { name: 'p99', value: quantile(both, 0.99), unit: 'ms', target: { atMost: 150 } },
              { name: 'slowest', value: quantile(both, 1), unit: 'ms' },
              { name: 'sent again', value: both.filter((ms) => ms > retransmitted).length, unit: 'dials' },
              { name: 'from Chromium, p99 ÷ p50', value: spread(fromPage), unit: '×', target: { atMost: 2 } },
              { name: 'to Chromium, p99 ÷ p50', value: spread(toPage), unit: '×', target: { atMost: 2 } },
            ],
            aa: quantile(again, 0.5) / quantile(toNode, 0.5),
            medians: {
              'Node to Node': quantile(both, 0.5),
              'Chromium to Node': quantile(fromPage, 0.5),
              'Node to Chromium': quantile(toPage, 0.5),
            },
            unit: 'ms',
            note: 'sent again: dials that waited for the retransmission of DTLS, a second or more.',
          },
        ]
      } finally {
        await Promise.all([device.stop(), asker.stop()])
      }
    }),
}

/** So many dials one after the other, each hung up again; the first is not counted: it loads what all share. */
async function dials(
  bench: Bench,
  asker: Pick<End, 'tell'> | Ends['asker'],
  device: Pick<End, 'tell'>,
  count: number,
): Promise<number[]> {
  const meeting = bench.meeting()
  await device.tell('answer', 'nanopeer', meeting)
  await asker.tell('ask', meeting.deviceId, 'nanopeer', meeting)
  const times: number[] = []
  for (let dial = 0; dial <= count; dial++) {
    const ms = await asker.tell('dial', meeting.deviceId)
    if (dial > 0) times.push(ms)
    await asker.tell('hangUp', meeting.deviceId)
  }
  await asker.tell('close', meeting.deviceId)
  await device.tell('close', meeting.deviceId)
  return times
}
