import { setTimeout } from 'node:timers/promises'
import type { Meeting } from '../ends/contestant'
import type { Bench } from '../harness/bench'
import { type End, type PageEnd, startNodeEnd } from '../harness/end'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'

const connections = 100
/** Requests in flight on each connection. */
const inFlight = 4
const KiB = 1024

/** A hundred pages' worth of connections to one Node device. */
export const fanIn: Scenario = {
  keys: ['fanin.100'],
  run: (bench) =>
    bench.withEnds(async ({ asker }) => {
      const [device, bare] = [await startNodeEnd('nanopeer'), await startNodeEnd('peerjs-json')]
      try {
        const perConnection = await idleBytes(bench, asker, device, 'nanopeer')
        const perBare = await idleBytes(bench, asker, bare, 'peerjs-json')
        const { handles } = perConnection
        const duration = bench.quick ? 300 : 1500
        const rate = (some: readonly string[]) => () => asker.tell('concurrentOn', some, inFlight, duration)
        const series = await inTurn(
          bench.rounds,
          { one: rate(handles.slice(0, 1)), all: rate(handles), 'one again': rate(handles.slice(1, 2)) },
          async () => {
            await Promise.all([asker.collect(), device.collect()])
          },
        )
        const found = medians(series)
        return [
          {
            key: 'fanin.100',
            title: `${connections} connections to one Node device, ${inFlight} requests in flight on each`,
            figures: [
              { name: 'requests', value: found.all / found.one, unit: '×', target: { atLeast: 0.8 } },
              {
                name: 'memory',
                value: (perConnection.live - perBare.live) / KiB,
                unit: 'KiB',
                target: { atMost: 48 },
              },
              { name: 'memory of the process', value: (perConnection.rss - perBare.rss) / KiB, unit: 'KiB' },
            ],
            aa: found['one again'] / found.one,
            medians: { one: found.one, all: found.all },
            unit: '1/s',
            note:
              'requests: all connections together ÷ one of them. Memory: live bytes of an idle connection at the ' +
              'device after a forced collection (heap and buffers outside it), above those of a bare PeerJS one.',
          },
        ]
      } finally {
        await Promise.all([device.stop(), bare.stop()])
      }
    }),
}

type Memory = { readonly live: number; readonly rss: number }

/** Connects, waits until all is quiet, and says what each connection holds at the device. */
async function idleBytes(
  bench: Bench,
  asker: PageEnd,
  device: End & { tell(command: 'memory'): Promise<Memory> },
  contestant: string,
) {
  const meeting = bench.meeting()
  await device.tell('answer', contestant, meeting)
  // The first connection loads what all share.
  const handles = [await dial(asker, contestant, meeting, 0)]
  const before = await device.tell('memory')
  for (let count = 1; count <= connections; count++)
    handles.push(await dial(asker, contestant, meeting, count))
  await setTimeout(bench.quick ? 1000 : 3000)
  const after = await device.tell('memory')
  return {
    handles: handles.slice(1),
    live: (after.live - before.live) / connections,
    rss: (after.rss - before.rss) / connections,
  }
}

async function dial(asker: PageEnd, contestant: string, meeting: Meeting, count: number): Promise<string> {
  const handle = `${meeting.deviceId} ${count}`
  await asker.tell('ask', handle, contestant, meeting)
  await asker.tell('dial', handle)
  return handle
}
