import type { NodeCommands } from '../ends/node'
import type { Bench } from '../harness/bench'
import { type End, startNodeEnd } from '../harness/end'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'

/** Ms after which a dial counts as hung: DTLS has sent again three times by then. */
const patience = 10_000

/** Dials that a contestant made one after the other. */
interface Dials {
  /** Ms to the first answer, of those that had one. */
  readonly times: number[]
  /** How far the others came: the dialler's connection, its ICE, its channel. */
  readonly hung: string[]
}

/** A bare PeerJS client in Node dials a Node device: whether every dial comes about, beside a bare PeerJS device. */
export const plainDial: Scenario = {
  keys: ['node.plainDial'],
  async run(bench) {
    const device = await startNodeEnd('nanopeer')
    const bare = await startNodeEnd('peerjs-json')
    const asker = await startNodeEnd('peerjs-envelope')
    try {
      const toDevice = await dialler(bench, asker, device, 'peerjs-envelope', 'nanopeer')
      const toBare = await dialler(bench, asker, bare, 'peerjs-json', 'peerjs-json')
      const laps = bench.quick ? 1 : 10
      for (let lap = 0; lap < laps; lap++) {
        await toDevice.dial(bench.quick ? 20 : 100)
        // Fewer: half of them take a second (docs/decisions/0042).
        await toBare.dial(20)
      }
      const [ours, theirs] = [toDevice.dials, toBare.dials]
      // Where the dialler's own WebRTC has given up, which PeerJS is not told, it is as docs/decisions/0046 has it.
      const underWay = ours.hung.filter((states) => !/^(closed|failed)/.test(states))
      for (const [name, { hung }] of Object.entries({ nanopeer: ours, PeerJS: theirs }))
        for (const states of hung) bench.say(`${name}: a dial hung (${states})`)
      return [
        {
          key: 'node.plainDial',
          title: `${ours.times.length + ours.hung.length} dials of a bare PeerJS client in Node to a Node device`,
          figures: [
            { name: 'hung', value: ours.hung.length, unit: 'dials' },
            { name: 'hung, still under way', value: underWay.length, unit: 'dials', target: { atMost: 0 } },
            { name: 'hung, a bare PeerJS device', value: theirs.hung.length, unit: 'dials' },
            { name: 'p50', value: quantile(ours.times, 0.5), unit: 'ms' },
            { name: 'p99', value: quantile(ours.times, 0.99), unit: 'ms' },
          ],
          aa: 1,
          medians: {
            'nanopeer device': quantile(ours.times, 0.5),
            'PeerJS device': quantile(theirs.times, 0.5),
          },
          unit: 'ms',
          note:
            `hung: without an answer for ${patience / 1000} s. ` +
            `To the bare PeerJS device ${theirs.times.length + theirs.hung.length} dials, in turns.`,
        },
      ]
    } finally {
      await Promise.all([device.stop(), bare.stop(), asker.stop()])
    }
  },
}

type NodeEnd = End<NodeCommands>

async function dialler(bench: Bench, asker: NodeEnd, device: NodeEnd, asking: string, answering: string) {
  const meeting = bench.meeting()
  const handle = meeting.deviceId
  await device.tell('answer', answering, meeting)
  await asker.tell('ask', handle, asking, meeting)
  const dials: Dials = { times: [], hung: [] }
  const once = async () => {
    const ms = await within(asker.tell('dial', handle))
    if (ms === null) dials.hung.push(await asker.tell('giveUp', handle))
    else {
      dials.times.push(ms)
      await asker.tell('hangUp', handle)
    }
  }
  return {
    dials,
    async dial(count: number) {
      for (let left = count; left > 0; left--) await once()
    },
  }
}

/** What comes of a dial; null where nothing does in time. */
async function within(dial: Promise<number>): Promise<number | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patience, null)
  })
  try {
    return await Promise.race([dial, late])
  } finally {
    clearTimeout(timer)
  }
}
