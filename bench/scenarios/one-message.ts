import { setTimeout } from 'node:timers/promises'
import type { MalloryCommands } from '../ends/mallory'
import type { BlowName } from '../ends/value-floods'
import type { Bench } from '../harness/bench'
import { type End, openPage, startNodeEnd } from '../harness/end'
import { liveHeapOf } from '../harness/heap'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

const MiB = 1024 * 1024
const contestant = 'nanopeer-undecided'

/** A device that is attacked, and what it holds, in bytes. */
interface Victim {
  readonly name: string
  readonly end: Pick<End, 'tell' | 'stop'>
  held(): Promise<Readonly<Record<string, number>>>
}

async function openVictims(bench: Bench): Promise<Victim[]> {
  const page = await openPage(bench.browser, bench.server)
  const node = await startNodeEnd('nanopeer')
  return [
    { name: 'page', end: page, held: async () => ({ '': await liveHeapOf(page) }) },
    {
      name: 'Node',
      end: node as unknown as Victim['end'],
      async held() {
        const { live, rss } = await node.tell('memory')
        return { '': live, ', whole process': rss }
      },
    },
  ]
}

/** A raw client against a page and a Node device, with the limits that everybody has. */
async function withVictims<Outcome>(
  bench: Bench,
  use: (victims: readonly Victim[], mallory: End<MalloryCommands>) => Promise<Outcome>,
): Promise<Outcome> {
  const mallory = await openPage<MalloryCommands>(bench.browser, bench.server, 'ends/mallory.js')
  const victims = await openVictims(bench)
  try {
    return await use(victims, mallory)
  } finally {
    await Promise.all([mallory.stop(), ...victims.map(({ end }) => end.stop())])
  }
}

/** One blow at devices that have decoded nothing yet: how long each stood still, and how long for nothing. */
async function strikeOnce(
  bench: Bench,
  blow: BlowName,
): Promise<{ name: string; gap: number; quiet: number }[]> {
  return withVictims(bench, async (victims, mallory) => {
    const gaps = []
    for (const { name, end } of victims) {
      const meeting = bench.meeting()
      await end.tell('answer', contestant, meeting)
      await end.tell('watchLoop')
      // What has just been loaded has its say first.
      await setTimeout(500)
      await end.tell('longestGap')
      await setTimeout(200)
      const quiet = await end.tell('longestGap')
      await mallory.tell('strike', blow, meeting)
      gaps.push({ name, gap: await end.tell('longestGap'), quiet })
    }
    return gaps
  })
}

/** How long one message keeps the event loop of a device, that of a page or of a Node process. */
export const stall: Scenario = {
  keys: ['hostile.stall'],
  async run(bench) {
    const blows = await withVictims(bench, (_, mallory) => mallory.tell('blowNames'))
    const medians: Record<string, number> = {}
    const worst = { page: 0, Node: 0 }
    const quiet: number[] = []
    for (const blow of blows) {
      const gaps: Record<string, number[]> = { page: [], Node: [] }
      for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
        for (const { name, gap, quiet: alone } of await strikeOnce(bench, blow)) {
          gaps[name]?.push(gap)
          quiet.push(alone)
        }
      }
      for (const name of ['page', 'Node'] as const) {
        const gap = median(gaps[name] ?? [])
        medians[`${blow}, ${name}`] = gap
        worst[name] = Math.max(worst[name], gap)
      }
    }
    return [
      {
        key: 'hostile.stall',
        title:
          'For how long one message keeps a device from anything else, the first of its kind that it reads',
        figures: Object.entries(worst).map(([name, value]) => ({
          name,
          value,
          unit: 'ms',
          target: { atMost: 200 },
        })),
        aa: 1,
        medians: { ...medians, nothing: median(quiet) },
        unit: 'ms',
        note: 'a flat map of as many fields as a value may hold, and one of 2.7 million; as a request, and as a message that nobody listens to. Each in a page and a process of its own; medians of three.',
      },
    ]
  },
}

/** What strangers make a device hold, whom `accept` has not decided about. */
export const held: Scenario = {
  keys: ['hostile.held'],
  run: (bench) =>
    withVictims(bench, async (victims, mallory) => {
      const figures = []
      for (const { name, end, held } of victims) {
        const meeting = bench.meeting()
        await end.tell('answer', contestant, meeting)
        const before = await held()
        const most: Record<string, number> = {}
        let isOver = false
        const siege = mallory.tell('besiege', meeting, bench.quick ? 4000 : 20_000).then(() => {
          isOver = true
        })
        while (!isOver) {
          for (const [what, bytes] of Object.entries(await held()))
            most[what] = Math.max(most[what] ?? 0, bytes - (before[what] ?? 0))
          await setTimeout(250)
        }
        await siege
        await mallory.tell('withdraw')
        for (const [what, bytes] of Object.entries(most)) {
          const target = what === '' ? { target: { atMost: 32 } } : {}
          figures.push({ name: `${name}${what}`, value: bytes / MiB, unit: 'MiB', ...target })
        }
        await end.tell('close', meeting.deviceId)
      }
      return [
        {
          key: 'hostile.held',
          title: 'What strangers make a device hold before `accept` has decided, live bytes above idle',
          figures,
          aa: 1,
          note: "messages without a byte, of one byte, of 4 KB and of 4,000 frames, of PeerJS's and of our own clients, as many as come in. Counted: JavaScript's heap, buffers and, in a page, the browser's objects, its connections included.",
        },
      ]
    }),
}
