import type { Peer } from '../../src/base/types'
import { ByteCheck, bytesOf } from './bytes'
import type { Runs } from './runs'
import type { Simulation } from './simulation'
import { streamOf } from './source'
import { count, download, echo, upload } from './tasks'

/** Registers what a device answers with. */
export const answerTasks = (peer: Peer, simulation: Simulation, runs: Runs): void => {
  peer.handle(echo, async ({ filler, ...task }, { signal }) => {
    const finished = runs.begin(task, signal)
    if (Buffer.compare(filler, bytesOf(task.key, 0, task.size)) !== 0) {
      simulation.fail(`the input of ${task.key} is wrong`)
    }
    if (task.pause > 0) await simulation.wait(task.pause)
    finished()
    return task
  })

  peer.handle(download, (task, { signal }) => {
    const finished = runs.begin(task, signal)
    return new Response(streamOf(simulation, task.key, task.size, finished))
  })

  peer.handle(upload, async (task, { signal, body }) => {
    const finished = runs.begin(task, signal)
    const check = new ByteCheck(task.key)
    try {
      for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
        check.add(bytes)
        if (task.pause > 0) await simulation.wait(task.pause)
      }
      return check.offset
    } finally {
      finished()
    }
  })

  peer.handle(count, async function* (task, { signal }) {
    const finished = runs.begin(task, signal)
    try {
      for (let index = 0; index < task.size; index++) {
        if (task.pause > 0) await simulation.wait(task.pause / 10)
        yield index
      }
    } finally {
      finished()
    }
  })
}
