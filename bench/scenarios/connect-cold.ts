import type { FirstAnswer } from '../ends/cold/first-answer'
import type { Bench, Ends } from '../harness/bench'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

/** A fresh page, from when it begins to load to its first answer: code that has never run, an id, a dial. */
export const coldOpen: Scenario = {
  keys: ['connect.cold'],
  run: (bench) =>
    bench.withEnds(async ({ device }) => {
      const parts: Record<string, FirstAnswer[]> = { nanopeer: [], PeerJS: [] }
      const nanopeer = await freshPages(bench, device, 'nanopeer', 'nanopeer', (answer) =>
        parts.nanopeer?.push(answer),
      )
      const peerjs = await freshPages(bench, device, 'peerjs-binary', 'peerjs', (answer) =>
        parts.PeerJS?.push(answer),
      )
      const series = await inTurn(bench.rounds, { PeerJS: peerjs, nanopeer, again: peerjs })
      const { again, ...found } = medians(series)
      const describe = (name: string) => {
        const of = (part: keyof FirstAnswer) =>
          median((parts[name] ?? []).map((answer) => answer[part])).toFixed(0)
        return `${name} ${of('loaded')}, ${of('registered')}, ${of('answered')}`
      }
      return [
        {
          key: 'connect.cold',
          title: 'A fresh page to its first answer ÷ PeerJS’s fresh page to its first echo',
          figures: [{ value: found.nanopeer / found.PeerJS, unit: '×' }],
          aa: again / found.PeerJS,
          medians: found,
          unit: 'ms',
          note: `ms until its code ran, it had an id, it was answered: ${describe('PeerJS')}; ${describe('nanopeer')}.`,
        },
      ]
    }),
}

/** A turn of several fresh pages, each in a profile of its own; the median of their first answers. */
async function freshPages(
  bench: Bench,
  device: Ends['device'],
  contestant: string,
  script: string,
  answered: (answer: FirstAnswer) => void,
): Promise<() => Promise<number>> {
  const meeting = bench.meeting()
  await device.tell('answer', contestant, meeting)
  const address = `${bench.server.origin}/page?cold/${script}.js#${encodeURIComponent(JSON.stringify(meeting))}`
  return async () => {
    const times: number[] = []
    for (let count = 0; count < (bench.quick ? 2 : 5); count++) {
      const page = await bench.browser.newPage()
      page.on('pageerror', (error) => console.error(error))
      await page.goto(address)
      const waiting = await page.waitForFunction('globalThis.bench')
      const answer = (await waiting.jsonValue()) as FirstAnswer
      answered(answer)
      times.push(answer.answered)
      await page.close()
    }
    return median(times)
  }
}
