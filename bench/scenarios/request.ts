import { inTurn, medians } from '../harness/rounds'
import type { Scenario } from '../harness/scenario'
import { median } from '../harness/statistics'
import { collect } from './collect'

/** Round trips one after the other, against bytes echoed as they are. */
export const roundTrip: Scenario = {
  keys: ['request.rtt'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const { asker } = ends
      const connect = (contestant: string) => bench.connect(ends, contestant)
      const [raw, again, nanopeer] = [await connect('raw'), await connect('raw'), await connect('nanopeer')]
      const [json, binary, trystero] = [
        await connect('peerjs-json'),
        await connect('peerjs-binary'),
        await connect('trystero'),
      ]
      const duration = bench.quick ? 150 : 1000
      const values = (handle: string) => async () => median(await asker.tell('sequential', handle, duration))
      const bytes = (handle: string) => async () =>
        median(await asker.tell('sequentialBytes', handle, duration))
      const series = await inTurn(
        bench.rounds,
        {
          raw: bytes(raw.handle),
          nanopeer: values(nanopeer.handle),
          'raw again': bytes(again.handle),
          'PeerJS json': values(json.handle),
          'PeerJS binary': values(binary.handle),
          Trystero: values(trystero.handle),
        },
        () => collect(ends),
      )
      const { 'raw again': rawAgain, ...found } = medians(series)
      return [
        {
          key: 'request.rtt',
          title: 'Round trip of a request (p50) ÷ echo of raw bytes',
          figures: [{ value: found.nanopeer / found.raw, unit: '×', target: { atMost: 1.15 } }],
          aa: rawAgain / found.raw,
          medians: found,
          unit: 'ms',
        },
      ]
    }),
}

/** Requests per second with 64 workers, against JSON echoed by hand. */
export const pipelined: Scenario = {
  keys: ['request.pipelined64'],
  run: (bench) =>
    bench.withEnds(async (ends) => {
      const { asker } = ends
      const connect = (contestant: string) => bench.connect(ends, contestant)
      const [raw, again, nanopeer] = [await connect('raw'), await connect('raw'), await connect('nanopeer')]
      const [batched, json, binary, msgpack, trystero] = [
        await connect('raw-batched'),
        await connect('peerjs-json'),
        await connect('peerjs-binary'),
        await connect('peerjs-msgpack'),
        await connect('trystero'),
      ]
      const duration = bench.quick ? 150 : 1000
      const rate = (handle: string) => () => asker.tell('concurrent', handle, 64, duration)
      const series = await inTurn(
        bench.rounds,
        {
          raw: rate(raw.handle),
          nanopeer: rate(nanopeer.handle),
          'raw again': rate(again.handle),
          'raw, batched': rate(batched.handle),
          'PeerJS json': rate(json.handle),
          'PeerJS binary': rate(binary.handle),
          'PeerJS MsgPack': rate(msgpack.handle),
          Trystero: rate(trystero.handle),
        },
        () => collect(ends),
      )
      const { 'raw again': rawAgain, ...found } = medians(series)
      return [
        {
          key: 'request.pipelined64',
          title: 'Requests per second with 64 workers ÷ JSON echoed by hand',
          figures: [
            {
              name: 'by hand, batched',
              value: found.nanopeer / found['raw, batched'],
              unit: '×',
              target: { atLeast: 1 },
            },
            { name: 'by hand, a message each', value: found.nanopeer / found.raw, unit: '×' },
          ],
          aa: rawAgain / found.raw,
          medians: found,
          unit: '1/s',
        },
      ]
    }),
}
