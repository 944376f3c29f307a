import type { Peer } from '@nanopeer/core'
import { DrawnCamera } from '../../packages/core/test/support/pictures'
import * as actions from './actions'
import { collect, contentStream, sha256Of } from './content'

const sleep = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time))

/** What the pictures of the lab's cameras show. */
export const cameraNumber = 5

/** Answers the lab's actions, and counts what the handlers were asked for. */
export const serve = (peer: Peer) => {
  const runs: Record<string, number> = {}
  const echoed = new Map<number, number>()
  /** Epoch ms at which the signals of handlers fired. */
  const aborted: number[] = []

  const begin = (name: string, signal: AbortSignal) => {
    runs[name] = (runs[name] ?? 0) + 1
    signal.addEventListener('abort', () => aborted.push(Date.now()))
  }

  peer.handle(actions.download, ({ seed, size }, { action, signal }) => {
    begin(action, signal)
    return new Response(contentStream(seed, size), { headers: { 'content-length': String(size) } })
  })
  peer.handle(actions.upload, async (_, { action, body, signal }) => {
    begin(action, signal)
    if (!body) return { sha256: '', size: 0 }
    const bytes = await collect(body)
    return { sha256: await sha256Of(bytes), size: bytes.length }
  })
  peer.handle(actions.series, async function* ({ count, pause }, { action, signal }) {
    begin(action, signal)
    for (let number = 0; number < count; number++) {
      await sleep(pause)
      yield number
    }
  })
  peer.handle(actions.echo, async ({ number, delay }, { action, signal }) => {
    begin(action, signal)
    echoed.set(number, (echoed.get(number) ?? 0) + 1)
    await sleep(delay)
    return number
  })
  peer.handle(actions.camera, (_, { action, signal }) => {
    begin(action, signal)
    const drawn = new DrawnCamera(cameraNumber)
    signal.addEventListener('abort', () => drawn.stop())
    return drawn.stream
  })
  peer.handle(actions.hang, (_, { action, signal }) => {
    begin(action, signal)
    return new Promise<never>(() => {})
  })

  return {
    report: () => ({
      runs,
      /** Different numbers echoed, and how many of them more than once. */
      echoed: echoed.size,
      echoedTwice: [...echoed.values()].filter((count) => count > 1).length,
      aborted,
    }),
  }
}
