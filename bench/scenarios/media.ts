import type { MediaCommands } from '../ends/media'
import { openPage } from '../harness/end'
import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'

const MiB = 1024 * 1024

/** How soon a picture is there, beside PeerJS's `call`, and what a download leaves of it. */
export const media: Scenario = {
  keys: ['media.start', 'media.download'],
  async run({ browser, server, meeting, rounds, quick }) {
    const open = () => openPage<MediaCommands>(browser, server, 'ends/media.js')
    const [device, asker] = await Promise.all([open(), open()])
    try {
      const place = meeting()
      await device.tell('show', place)
      await asker.tell('join', place)
      const series = await inTurn(rounds, {
        call: () => asker.tell('call', place),
        dialled: async () => {
          await asker.tell('close')
          return asker.tell('start')
        },
        open: async () => {
          await asker.tell('connect')
          return asker.tell('start')
        },
        again: () => asker.tell('call', place),
      })
      const found = medians(series)
      const kept: number[] = []
      for (let round = 0; round < (quick ? 2 : 5); round++) {
        const { alone, beside } = await asker.tell('beside', (quick ? 48 : 96) * MiB)
        kept.push(beside / alone)
      }
      return [
        {
          key: 'media.start',
          title: 'Request to first frame ÷ PeerJS call to first frame',
          figures: [
            { name: 'dialled', value: found.dialled / found.call, unit: '×', target: { atMost: 1.1 } },
            { name: 'open', value: found.open / found.call, unit: '×', target: { atMost: 0.6 } },
          ],
          aa: found.again / found.call,
          medians: { nanopeer: found.dialled, 'nanopeer, open': found.open, 'PeerJS call': found.call },
          unit: 'ms',
        },
        {
          key: 'media.download',
          title: 'Frames per second beside a download ÷ without one',
          figures: [{ value: median(kept), unit: '×', target: { atLeast: 0.9 } }],
          aa: 1,
        },
      ]
    } finally {
      await Promise.all([device.stop(), asker.stop()])
    }
  },
}
