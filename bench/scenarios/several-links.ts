import type { Bench, Ends } from '../harness/bench'
import { type LongPath, obstacleToLongPath, withLongPath } from '../harness/long-path'
import { inTurn, medians } from '../harness/rounds'
import type { Figure, Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

/** Seconds each way, as between continents. */
const delay = 0.05

const lines = {
  'no loss': { delay },
  '1 % lost': { delay, loss: 0.01 },
  // As many have, with a router before it that keeps 200 ms.
  '50 Mbit/s': { delay, rate: 50_000_000 },
} as const

/** Who takes turns; `again` is what measures the spread. */
const contestants = {
  one: 'raw',
  four: 'raw-four-links',
  nanopeer: 'nanopeer',
  again: 'raw',
} as const
type Name = keyof typeof contestants
const names = Object.keys(contestants) as Name[]

/** Long enough for a window to grow, and to be halved a few times. */
const secondsOf = ({ quick }: Pick<Bench, 'quick'>) => (quick ? 4 : 10)
const roundsOf = ({ quick }: Pick<Bench, 'quick'>) => (quick ? 1 : 3)

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const byName = <Value>(of: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>

/**
 * MB/s of the first seconds of a download over connections that are new: how a window begins is part of what a user waits
 * for.
 *
 * @param meanwhile begins with the download
 */
async function download(
  bench: Pick<Bench, 'connect' | 'quick'>,
  ends: Ends,
  name: Name,
  meanwhile: (seconds: number) => Promise<unknown> = async () => {},
): Promise<readonly number[]> {
  const seconds = secondsOf(bench)
  const { handle, close } = await bench.connect(ends, contestants[name])
  const [perSecond] = await Promise.all([ends.asker.tell('downloadFor', handle, seconds), meanwhile(seconds)])
  await close()
  return perSecond.map((bytes) => bytes / 1e6)
}

const rateOf = (perSecond: readonly number[]): number => sum(perSecond) / perSecond.length

interface Found {
  readonly rates: Record<Name, number>
  /** Seconds of a processor at both ends for each MB. */
  readonly processor: Record<Name, number>
}

async function downloadsOver(line: string, { bench, ends, costs }: LongPath): Promise<Found> {
  const spent = byName((): number[] => [])
  const turn = (name: Name) => async () => {
    const before = costs()
    const perSecond = await download(bench, ends, name)
    const { processor, overrun } = costs()
    spent[name].push((processor - before.processor) / sum(perSecond))
    bench.say(
      `${line}, ${name}: ${perSecond.map((rate) => rate.toFixed(1)).join(' ')} MB/s second by second; ` +
        `${overrun - before.overrun} datagrams had no room in a socket`,
    )
    return rateOf(perSecond)
  }
  const rates = medians(await inTurn(roundsOf(bench), byName(turn)))
  return { rates, processor: byName((name) => median(spent[name])) }
}

/**
 * Whether several connections carry more than one: the congestion window of each grows by its own round trips, and each
 * answers for its own losses. Four raw channels show what a session over several links could have at most.
 */
export const severalLinks: Scenario = {
  keys: ['path.links', 'path.besideTcp'],
  async run(bench) {
    const obstacle = obstacleToLongPath()
    if (obstacle) {
      bench.say(`path.links is skipped. ${obstacle}`)
      return []
    }
    const found: [line: string, Found][] = []
    for (const [name, line] of Object.entries(lines)) {
      found.push([name, await withLongPath(bench, line, (path) => downloadsOver(name, path))])
    }
    const loopback = await bench.withEnds(async (ends) => {
      const turn = (name: Name) => async () => rateOf(await download(bench, ends, name))
      return medians(await inTurn(roundsOf(bench), byName(turn)))
    })
    const all = [...found.map(([line, { rates }]) => [line, rates] as const), ['loopback', loopback] as const]
    const [[, clean]] = found as [[string, Found]]
    return [
      {
        key: 'path.links',
        title: 'A download over several links ÷ one raw channel, 50 ms each way',
        figures: [
          ...all.flatMap(([line, rates]): Figure[] => [
            { name: `four raw channels, ${line}`, value: rates.four / rates.one, unit: '×' },
            { name: `nanopeer, ${line}`, value: rates.nanopeer / rates.one, unit: '×' },
          ]),
          ...found.map(([line, { processor }]) => ({
            name: `processor for a MB, four, ${line}`,
            value: processor.four / processor.one,
            unit: '×',
          })),
        ],
        aa: clean.rates.again / clean.rates.one,
        medians: Object.fromEntries(
          all.flatMap(([line, rates]) => names.map((name) => [`${name}, ${line}`, rates[name]])),
        ),
        unit: 'MB/s',
      },
      await withLongPath(bench, lines['50 Mbit/s'], besideTcp),
    ]
  },
}

/** What a TCP flow keeps on such a line beside each of them. */
async function besideTcp({ bench, ends, tcp }: LongPath) {
  const beside = (name: Name) => async () => {
    let kept = 0
    const perSecond = await download(bench, ends, name, async (seconds) => {
      kept = (await tcp(seconds)) / 1e6
    })
    bench.say(`TCP kept ${kept.toFixed(2)} MB/s beside ${name}, which had ${rateOf(perSecond).toFixed(2)}`)
    return kept
  }
  const alone = async () => (await tcp(secondsOf(bench))) / 1e6
  const series = {
    alone,
    one: beside('one'),
    four: beside('four'),
    nanopeer: beside('nanopeer'),
    again: alone,
  }
  const found = medians<keyof typeof series>(await inTurn(roundsOf(bench), series))
  return {
    key: 'path.besideTcp',
    title: 'What a TCP flow keeps of 50 Mbit/s beside a download, 50 ms each way',
    figures: (['one', 'four', 'nanopeer'] as const).map((name) => ({
      name: `beside ${name === 'nanopeer' ? name : `${name} raw`}`,
      value: found[name] / found.alone,
      unit: '×',
    })),
    aa: found.again / found.alone,
    medians: found,
    unit: 'MB/s',
  }
}
