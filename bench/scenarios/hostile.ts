import type { FloodGroup, MalloryCommands } from '../ends/mallory'
import type { Bench, Ends } from '../harness/bench'
import { openPage, type PageEnd } from '../harness/end'
import type { Scenario } from '../harness/scenario'
import { quantile } from '../harness/statistics'

/** What is flooded, and how it is guarded. */
const devices: Readonly<Record<FloodGroup, string>> = {
  session: 'nanopeer-guarded',
  values: 'nanopeer-undecided',
  trust: 'nanopeer-proved',
}

/** The flood during which others come who know the secret. */
const whileTheyDial = 'seven offers a second'
const newcomers = 5

interface Times {
  /** Ms of each of the friend's requests, by flood. */
  readonly asked: Record<string, number[]>
  /** Ms until a newcomer who knows the secret has its first answer. */
  readonly dialled: number[]
}

type Party = Ends & { readonly mallory: PageEnd<MalloryCommands> }

/** A friend asks a device while somebody else floods it: one flood after the other. */
async function floodAll(bench: Bench, party: Party, group: FloodGroup, lap: number): Promise<Times> {
  const { asker, device, mallory } = party
  const duration = bench.quick ? 200 : 2000
  const times: Times = { asked: {}, dialled: [] }
  // A device that has met nobody: it remembers who dialled too often.
  const meeting = bench.meeting()
  rendezvousOf.set(mallory, () => device.tell('rendezvous', meeting.deviceId))
  const friend = `friend ${group} ${lap}`
  await device.tell('answer', devices[group], meeting)
  await asker.tell('ask', friend, devices[group], meeting)
  await asker.tell('dial', friend)
  const ask = async (name: string) => {
    times.asked[name] = await asker.tell('paced', friend, duration)
  }
  await ask('nobody')
  const others = Array.from({ length: newcomers }, (_, number) => `newcomer ${group} ${lap} ${number}`)
  const names = await mallory.tell('names', group)
  if (names.includes(whileTheyDial))
    for (const other of others) await asker.tell('ask', other, devices[group], meeting)
  // Few enough dial here that the device lets all of them in when it is their turn; an idle link would be closed by then.
  const isLate = group === 'values'
  if (!isLate) for (const name of names) await mallory.tell('prepare', name, meeting)
  for (const name of names) {
    if (isLate) await mallory.tell('prepare', name, meeting)
    const flood = mallory.tell('flood', name, duration)
    await ask(name)
    const { waves, through } = await flood
    if (waves === 0 || (isLate && through === 0)) throw new Error(`There was no flood of ${name}.`)
    if (name !== whileTheyDial) continue
    const flooding = mallory.tell('flood', name, duration)
    times.dialled.push(...(await Promise.all(others.map((other) => asker.tell('dial', other)))))
    await flooding
    for (const other of others) await asker.tell('close', other)
  }
  await asker.tell('close', friend)
  await device.tell('close', meeting.deviceId)
  return times
}

/** Whom a hostile page may ask for the digits of a code, as a signalling server would see them. */
const rendezvousOf = new WeakMap<object, () => Promise<string | null>>()

/** Opens the hostile page. */
async function openMallory(bench: Bench): Promise<PageEnd<MalloryCommands>> {
  const mallory = await openPage<MalloryCommands>(bench.browser, bench.server, 'ends/mallory.js')
  await mallory.page.exposeFunction('rendezvous', () => rendezvousOf.get(mallory)?.())
  return mallory
}

const p95 = (measured: readonly number[] = []) => quantile(measured, 0.95)

/** Everybody's times of some laps, by flood. */
const joined = (laps: readonly Times[]): Readonly<Record<string, number[]>> => {
  const all: Record<string, number[]> = {}
  for (const { asked } of laps)
    for (const [name, times] of Object.entries(asked)) all[name] = [...(all[name] ?? []), ...times]
  return all
}

/** All floods, each of them twice. */
export const hostile: Scenario = {
  keys: ['hostile.p95'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const mallory = await openMallory(bench)
      try {
        const groups = Object.keys(devices) as FloodGroup[]
        const laps = bench.quick ? 2 : 3
        const measured: Record<FloodGroup, Times[]> = { session: [], values: [], trust: [] }
        for (let lap = 0; lap < laps; lap++) {
          for (const group of groups) {
            const times = await floodAll(bench, { ...ends, mallory }, group, lap)
            // The first lap only warms up; a quick run has none.
            if (bench.quick || lap > 0) measured[group].push(times)
          }
        }
        const alone = joined(groups.flatMap((group) => measured[group])).nobody
        const ofGroup = (group: FloodGroup) => {
          const { nobody: _, ...floods } = joined(measured[group])
          return Object.fromEntries(Object.entries(floods).map(([name, times]) => [name, p95(times)]))
        }
        const [session, values, trust] = [ofGroup('session'), ofGroup('values'), ofGroup('trust')]
        const worst = (floods: Readonly<Record<string, number>>) => Math.max(...Object.values(floods))
        const lapTimes = (lap: number) => {
          const { nobody: _, ...floods } = joined([measured.session[lap] as Times])
          return Object.values(floods).flat()
        }
        const dialled = measured.trust.flatMap((times) => times.dialled)
        return [
          {
            key: 'hostile.p95',
            title: "A friend's request while a stranger floods the device (p95)",
            figures: [
              {
                name: 'all floods',
                value: p95([...lapTimes(0), ...lapTimes(1)]),
                unit: 'ms',
                target: { atMost: 100 },
              },
              { name: 'the worst one', value: worst(session), unit: 'ms', target: { atMost: 60 } },
              {
                name: 'large and weightless messages',
                value: worst(values),
                unit: 'ms',
                target: { atMost: 100 },
              },
              { name: 'wrong proofs and codes', value: worst(trust), unit: 'ms', target: { atMost: 100 } },
              {
                name: 'the worst of all, beside no flood',
                value: Math.max(worst(session), worst(values), worst(trust)) / p95(alone),
                unit: '×',
                target: { atMost: 60 },
              },
              {
                name: 'until newcomers with the secret are in',
                value: Math.max(...dialled),
                unit: 'ms',
                target: { atMost: 5000 },
              },
            ],
            aa: p95(lapTimes(1)) / p95(lapTimes(0)),
            medians: { nobody: p95(alone), ...session, ...values, ...trust },
            unit: 'ms, p95 by flood',
          },
        ]
      } finally {
        await mallory.stop()
      }
    }),
}
