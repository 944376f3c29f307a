import { setTimeout } from 'node:timers/promises'
import type { Meeting } from '../ends/contestant'
import type { NodeCommands } from '../ends/node'
import type { Bench } from '../harness/bench'
import { dial } from '../harness/dial'
import { type End, startNodeEnd } from '../harness/end'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'

/** Processes that ask, and connections of each. */
const processes = 4
const perProcess = 250
/** Requests in flight on each connection. */
const inFlight = 4
const KiB = 1024

type NodeEnd = End<NodeCommands>

/** A thousand connections to one Node device, from four processes: what each costs, and how they come back. */
export const fanInThousand: Scenario = {
  keys: ['fanin.1000'],
  async run(bench) {
    // Fewer: a bare PeerJS client in Node takes a second for a dial (docs/decisions/0042).
    const bare = await connectCrowd(bench, 'peerjs-json', perProcess / 5)
    await bare.stop()
    const crowd = await connectCrowd(bench, 'nanopeer', perProcess)
    try {
      const { askers, handles } = crowd
      const count = handles.flat().length
      const duration = bench.quick ? 500 : 3000
      const [asker] = askers as [NodeEnd]
      const [[first, second]] = handles as [[string, string]]
      const one = (handle: string) => () => asker.tell('concurrentOn', [handle], inFlight, duration)
      const all = async () =>
        sum(await inEach(crowd, (end, own) => end.tell('concurrentOn', own, inFlight, duration)))
      const series = await inTurn(bench.rounds, { one: one(first), all, 'one again': one(second) }, () =>
        crowd.device.collect(),
      )
      const found = medians(series)
      const leisure = bench.quick ? 3000 : 10_000
      const times = (await inEach(crowd, (end, own) => end.tell('spreadOut', own, 1000, leisure))).flat()
      const said = await restart(bench, crowd, true)
      const killed = await restart(bench, crowd, false)
      return [
        {
          key: 'fanin.1000',
          title: `${count} connections from ${processes} processes to one Node device`,
          figures: [
            { name: 'requests', value: found.all / found.one, unit: '×', target: { atLeast: 0.8 } },
            { name: 'memory', value: (crowd.live - bare.live) / KiB, unit: 'KiB', target: { atMost: 48 } },
            { name: 'memory of the process', value: (crowd.rss - bare.rss) / KiB, unit: 'KiB' },
            { name: 'processor while idle', value: 100 * (crowd.idle - bare.idle), unit: '%' },
            { name: 'p95 of a request', value: quantile(times, 0.95), unit: 'ms' },
            { name: 'all back', value: said.all / 1000, unit: 's', target: { atMost: 10 } },
            { name: 'all back, killed', value: killed.all / 1000, unit: 's' },
            { name: 'most messages', value: Math.max(said.peak, killed.peak), unit: '1/s' },
          ],
          aa: found['one again'] / found.one,
          medians: { one: found.one, all: found.all },
          unit: '1/s',
          note:
            `requests: all connections together, ${inFlight} in flight on each, ÷ one of them. Memory: as of fanin.100; all in all ` +
            `${describe(crowd)}, a bare PeerJS device ${describe(bare)}. p95: each asks once a second. All back: from when a new ` +
            `process has the id to the last one's first answer (half of them after ${(said.half / 1000).toFixed(1)} s, killed ` +
            `${(killed.half / 1000).toFixed(1)} s); before that it said goodbye, or was killed. Most messages: that the signalling ` +
            `server took in one second meanwhile. To connect took ${(crowd.took / 1000).toFixed(0)} s.`,
        },
      ]
    } finally {
      await crowd.stop()
    }
  },
}

interface Crowd {
  device: NodeEnd
  readonly meeting: Meeting
  readonly askers: readonly NodeEnd[]
  /** Of each asking process. */
  readonly handles: readonly (readonly string[])[]
  /** Bytes of an idle connection at the device: live after a collection, and of the whole process. */
  readonly live: number
  readonly rss: number
  /** What the device uses of a processor while nobody asks: 1 is all of it. */
  readonly idle: number
  /** Ms. */
  readonly took: number
  stop(): Promise<void>
}

const describe = ({ live, rss }: Crowd): string =>
  `${(live / KiB).toFixed(0)} KiB and ${(rss / KiB).toFixed(0)} of the process`

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** In all processes at once. */
const inEach = <Result>(
  { askers, handles }: Pick<Crowd, 'askers' | 'handles'>,
  act: (end: NodeEnd, own: readonly string[]) => Promise<Result>,
): Promise<Result[]> => Promise.all(askers.map((end, index) => act(end, handles[index] ?? [])))

/** Connects them, waits until all is quiet, and says what each holds at the device. */
async function connectCrowd(bench: Bench, contestant: string, each: number): Promise<Crowd> {
  const started = [
    startNodeEnd(contestant),
    ...Array.from({ length: processes }, () => startNodeEnd(contestant)),
  ]
  const [device, ...askers] = (await Promise.all(started)) as [NodeEnd, ...NodeEnd[]]
  const meeting = bench.meeting()
  await device.tell('answer', contestant, meeting)
  const handles = askers.map((_, process) =>
    Array.from({ length: each }, (__, count) => `${contestant} ${process}.${count}`),
  )
  const open = async (asker: NodeEnd, own: readonly string[]) => {
    for (const handle of own) {
      await asker.tell('ask', handle, contestant, meeting)
      await dial(asker, handle)
    }
  }
  // The first connections load what all share.
  await Promise.all(askers.map((asker) => open(asker, [`${contestant} first`])))
  const before = await device.tell('memory')
  const start = performance.now()
  await inEach({ askers, handles }, open)
  const took = performance.now() - start
  const quiet = bench.quick ? 1000 : 5000
  await setTimeout(quiet)
  const worked = await device.tell('processor')
  await setTimeout(quiet)
  const idle = ((await device.tell('processor')) - worked) / quiet
  const after = await device.tell('memory')
  const count = processes * each
  const crowd: Crowd = {
    device,
    meeting,
    askers,
    handles,
    live: (after.live - before.live) / count,
    rss: (after.rss - before.rss) / count,
    idle,
    took,
    async stop() {
      await Promise.all([crowd.device, ...askers].map((end) => end.stop()))
    },
  }
  return crowd
}

/** A new process takes the device's place; `politely`: the one before says goodbye. Times in ms from when it has the id. */
async function restart(bench: Bench, crowd: Crowd, politely: boolean) {
  const { meeting } = crowd
  const messages = bench.watchSignalling()
  const back = inEach(crowd, (end, own) => end.tell('backOn', own))
  if (politely) await crowd.device.tell('close', meeting.deviceId)
  await crowd.device.stop()
  crowd.device = await startNodeEnd('nanopeer')
  await crowd.device.tell('answer', 'nanopeer', meeting)
  const since = Date.now()
  const times = (await back).flat().map((at) => at - since)
  return { all: quantile(times, 1), half: quantile(times, 0.5), peak: messages.stop() }
}
