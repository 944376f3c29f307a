import type { Connection } from '../../src/base/types'
import { ByteCheck, bytesOf } from './bytes'
import type { Simulation } from './simulation'
import { streamOf } from './source'
import { count, download, echo, type Task, upload } from './tasks'
import type { Work } from './work'

/** Does one piece of work and checks its answer. Rejects with what the request rejects with. */
type Question = (simulation: Simulation, connection: Connection, work: Work) => Promise<void>

const taskOf = ({ key, size, pause, retry }: Work): Task => ({ key, size, pause, retry })

const optionsOf = ({ clock }: Simulation, work: Work) => {
  const controller = new AbortController()
  if (work.cancelAfter !== null && work.cancelBy === 'signal') {
    clock.after(work.cancelAfter, () => controller.abort())
  }
  return { signal: controller.signal, timeout: 0, retry: work.retry }
}

/** Says whether the reader shall give up now. */
const patienceOf = ({ clock }: Simulation, { cancelAfter, cancelBy }: Work): (() => boolean) => {
  const since = clock.now()
  return () => cancelAfter !== null && cancelBy === 'reader' && clock.now() - since >= cancelAfter
}

const askEcho: Question = async (simulation, connection, work) => {
  const task = taskOf(work)
  const filler = bytesOf(work.key, 0, work.size)
  const answer = await connection.request(echo, { ...task, filler }, optionsOf(simulation, work))
  if (JSON.stringify(answer) !== JSON.stringify(task)) simulation.fail(`${work.key} was answered wrongly`)
}

const askDownload: Question = async (simulation, connection, work) => {
  const givesUp = patienceOf(simulation, work)
  const response = await connection.request(download, taskOf(work), optionsOf(simulation, work))
  const check = new ByteCheck(work.key)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    check.add(value)
    if (givesUp()) return reader.cancel()
    if (work.pause > 0) await simulation.wait(work.pause)
  }
  if (check.offset !== work.size) simulation.fail(`${work.key} has ${check.offset} of ${work.size} bytes`)
}

const askUpload: Question = async (simulation, connection, work) => {
  const body = streamOf(simulation, work.key, work.size)
  const size = await connection.request(upload, taskOf(work), { ...optionsOf(simulation, work), body })
  if (size !== work.size) simulation.fail(`${work.key} arrived with ${size} of ${work.size} bytes`)
}

const askEvents: Question = async (simulation, connection, work) => {
  const givesUp = patienceOf(simulation, work)
  let expected = 0
  for await (const event of await connection.request(count, taskOf(work), optionsOf(simulation, work))) {
    if (event !== expected) simulation.fail(`${work.key} has event ${event} where ${expected} belongs`)
    expected++
    if (givesUp()) return
  }
  if (expected !== work.size) simulation.fail(`${work.key} has ${expected} of ${work.size} events`)
}

export const questions: Record<Exclude<Work['kind'], 'messages'>, Question> = {
  echo: askEcho,
  download: askDownload,
  upload: askUpload,
  events: askEvents,
}
