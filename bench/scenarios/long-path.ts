import { dial } from '../harness/dial'
import { type LongPath, obstacleToLongPath, withLongPath } from '../harness/long-path'
import { inTurn, medians } from '../harness/rounds'
import type { Figure, Result, Scenario } from '../harness/scenario'
import { median, quantile } from '../harness/statistics'

const MiB = 1024 * 1024

/** Seconds each way, as between continents. */
const delay = 0.05
const roundTrip = 2 * delay * 1000

/** A line as many have, with a share of packets lost. */
const lineWith = (loss: number) => ({ delay, loss, rate: 50_000_000 })

/** What a person waits for far away: a dial, in round trips of the path. */
export const roundTrips: Scenario = {
  keys: ['dial.roundTrips'],
  async run(bench) {
    const obstacle = obstacleToLongPath()
    if (obstacle) {
      bench.say(`dial.roundTrips is skipped. ${obstacle}`)
      return []
    }
    return withLongPath(bench, { delay }, async (path) => {
      const count = bench.quick ? 1 : 3
      const series = await inTurn(bench.rounds, {
        PeerJS: await dials(path, 'peerjs-binary', count),
        'PeerJS again': await dials(path, 'peerjs-binary', count),
        nanopeer: await dials(path, 'nanopeer', count),
        'with a secret': await dials(path, 'nanopeer-secret', count),
        'with an identity': await dials(path, 'nanopeer-identity', count),
        'a resume': await resumes(path, 'nanopeer', count),
        'a resume with a secret': await resumes(path, 'nanopeer-secret', count),
      })
      const { 'PeerJS again': again, ...found } = medians(series)
      const inRoundTrips = (name: keyof typeof found, atMost?: number): Figure => ({
        name,
        value: found[name] / roundTrip,
        unit: 'round trips',
        ...(atMost !== undefined && { target: { atMost: Number((atMost / roundTrip).toPrecision(3)) } }),
      })
      return [
        {
          key: 'dial.roundTrips',
          title: 'Dial to first answer, 50 ms each way, signalling too',
          figures: [
            inRoundTrips('PeerJS'),
            inRoundTrips('nanopeer', found.PeerJS),
            inRoundTrips('with a secret', found.PeerJS + roundTrip),
            inRoundTrips('with an identity', found.PeerJS + roundTrip),
            inRoundTrips('a resume', found.nanopeer),
            inRoundTrips('a resume with a secret', found['with a secret'] - roundTrip),
          ],
          aa: again / found.PeerJS,
          medians: found,
          unit: 'ms',
        },
      ]
    })
  },
}

/** A turn of dials, each hung up again; their median. */
async function dials({ bench, ends }: LongPath, contestant: string, count: number) {
  const meeting = bench.meeting()
  await ends.device.tell('answer', contestant, meeting)
  await ends.asker.tell('ask', meeting.deviceId, contestant, meeting)
  return async () => {
    const times: number[] = []
    for (let turn = 0; turn < count; turn++) {
      times.push(await dial(ends.asker, meeting.deviceId))
      await ends.asker.tell('hangUp', meeting.deviceId)
    }
    return median(times)
  }
}

/** A turn of links that the device's end loses; the median time to the next answer. */
async function resumes({ bench, ends }: LongPath, contestant: string, count: number) {
  return async () => {
    const { handle, close } = await bench.connect(ends, contestant)
    const times: number[] = []
    for (let turn = 0; turn < count; turn++) {
      const resumed = ends.asker.tell('resume', handle)
      await ends.device.tell('cutLinks')
      times.push(await resumed)
    }
    await close()
    return median(times)
  }
}

/** Files over such a path, without and with loss; what a click costs meanwhile; how soon bytes come again after a cut. */
export const longTransfers: Scenario = {
  keys: ['path.download', 'path.upload', 'path.request', 'path.resume'],
  async run(bench) {
    const obstacle = obstacleToLongPath()
    if (obstacle) {
      bench.say(`path.* is skipped. ${obstacle}`)
      return []
    }
    const clean = await withLongPath(bench, lineWith(0), (path) => transfers(path, bench.quick ? 1 : 8))
    // A lossy path carries a hundred kilobytes a second: nothing for a quick run, and not much for any.
    const lossy = bench.quick ? null : await withLongPath(bench, lineWith(0.01), (path) => transfers(path, 1))
    return [...join(clean, lossy), await withLongPath(bench, lineWith(0), cut)]
  },
}

interface Transfers {
  readonly download: Record<'raw' | 'again' | 'nanopeer', number>
  readonly upload: Record<'raw' | 'again' | 'nanopeer', number>
  readonly requests: readonly number[]
}

async function transfers({ bench, ends }: LongPath, mebibytes: number): Promise<Transfers> {
  const size = mebibytes * MiB
  const of = async (direction: 'download' | 'upload') => {
    const [raw, again, nanopeer] = [
      await bench.connect(ends, 'raw'),
      await bench.connect(ends, 'raw'),
      await bench.connect(ends, 'nanopeer'),
    ]
    const rate = (handle: string) => async () => (await ends.asker.tell(direction, handle, size)) / 1e6
    const series = await inTurn(bench.quick ? 1 : 3, {
      raw: rate(raw.handle),
      nanopeer: rate(nanopeer.handle),
      again: rate(again.handle),
    })
    for (const pair of [raw, again, nanopeer]) await pair.close()
    return medians(series)
  }
  const [download, upload] = [await of('download'), await of('upload')]
  const { handle, close } = await bench.connect(ends, 'nanopeer')
  const requests = await ends.asker.tell('duringDownload', handle, size)
  await close()
  return { download, upload, requests }
}

/** The figures of both lines under one key each. */
function join(clean: Transfers, lossy: Transfers | null): Result[] {
  const lines = { 'no loss': clean, ...(lossy && { '1 % lost': lossy }) }
  const named = (name: string, figure: Omit<Figure, 'name'>): Figure => ({ name, ...figure })
  const ratios = (direction: 'download' | 'upload'): Result => ({
    key: `path.${direction}`,
    title: `MB/s of a ${direction} ÷ one raw channel, 50 ms each way, 50 Mbit/s`,
    figures: Object.entries(lines).map(([name, { [direction]: found }]) =>
      named(name, { value: found.nanopeer / found.raw, unit: '×', target: { atLeast: 0.95 } }),
    ),
    aa: clean[direction].again / clean[direction].raw,
    medians: Object.fromEntries(
      Object.entries(lines).flatMap(([name, { [direction]: found }]) => [
        [`raw, ${name}`, found.raw],
        [`nanopeer, ${name}`, found.nanopeer],
      ]),
    ),
    unit: 'MB/s',
  })
  return [
    ratios('download'),
    ratios('upload'),
    {
      key: 'path.request',
      title: 'A request during a download, 50 ms each way, in round trips',
      figures: Object.entries(lines).map(([name, { requests }]) =>
        named(`p50, ${name}`, { value: quantile(requests, 0.5) / roundTrip, unit: 'round trips' }),
      ),
      aa: 1,
    },
  ]
}

/** The line is cut for 5 s in the middle of a download. */
async function cut({ bench, ends, cable }: LongPath): Promise<Result> {
  const downtime = 5000
  const pauses: number[] = []
  for (let turn = 0; turn < (bench.quick ? 1 : 3); turn++) {
    const { handle, close } = await bench.connect(ends, 'nanopeer')
    const longest = ends.asker.tell('longestPause', handle, (bench.quick ? 2 : 8) * MiB)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    cable.change({ cut: true })
    await new Promise((resolve) => setTimeout(resolve, downtime))
    cable.change({ cut: false })
    pauses.push((await longest) - downtime)
    await close()
  }
  return {
    key: 'path.resume',
    title: 'Bytes flow again after a line was cut for 5 s, from when it is back',
    figures: [{ value: median(pauses) / 1000, unit: 's' }],
    aa: 1,
  }
}
