/** What the harness can tell an end to do, in a page or in a Node process. Arguments and results are plain data. */
import type { Asker, Contestant, Device, Dialler, Meeting } from './contestant'
import { longestGap, watchLoop } from './loop'
import * as work from './work'

/** The commands of an end that knows these contestants. */
export function createCommands(contestants: Readonly<Record<string, Contestant>>) {
  const devices = new Map<string, Device>()
  const diallers = new Map<string, Dialler>()
  const askers = new Map<string, Asker>()

  const contestant = (name: string): Contestant => found(contestants[name], `contestant ${name}`)
  const asker = (handle: string): Asker => found(askers.get(handle), `asker ${handle}`)
  const dialler = (handle: string): Dialler => found(diallers.get(handle), `dialler ${handle}`)

  return {
    /** Answers under the meeting's device id. */
    async answer(name: string, meeting: Meeting) {
      devices.set(meeting.deviceId, await contestant(name).answer(meeting))
    },
    /** Where a device can be paired with now. */
    rendezvous: (deviceId: string): string | null => devices.get(deviceId)?.rendezvous?.() ?? null,
    watchLoop,
    longestGap,
    /** Gets ready to dial, without dialling. */
    async ask(handle: string, name: string, meeting: Meeting) {
      diallers.set(handle, await contestant(name).ask(meeting))
    },
    /** Dials; returns the ms from the call to the answer of a first request. */
    async dial(handle: string): Promise<number> {
      const start = performance.now()
      const opened = await dialler(handle).dial()
      await opened.echo(null)
      askers.set(handle, opened)
      return performance.now() - start
    },
    /** Gives up a dial that has not come about; says how far it had come. */
    giveUp: (handle: string): string => dialler(handle).giveUp?.() ?? 'unknown',
    /** Closes what was dialled, and stays ready to dial again. */
    async hangUp(handle: string) {
      await asker(handle).close()
      askers.delete(handle)
    },
    /** Closes an asker, its dialler, or a device. */
    async close(handle: string) {
      await askers.get(handle)?.close()
      await diallers.get(handle)?.close()
      await devices.get(handle)?.close()
      for (const table of [askers, diallers, devices]) table.delete(handle)
    },
    sequential: (handle: string, duration: number) => work.sequential(asker(handle), duration),
    sequentialBytes: (handle: string, duration: number) => work.sequentialBytes(asker(handle), duration),
    concurrent: (handle: string, workers: number, duration: number) =>
      work.concurrent(asker(handle), workers, duration),
    repeat: (handle: string, workers: number, count: number) => work.repeat(asker(handle), workers, count),
    /** Many askers at once, each with so many workers: round trips per second of all together. */
    async concurrentOn(handles: readonly string[], workers: number, duration: number): Promise<number> {
      const rates = handles.map((handle) => work.concurrent(asker(handle), workers, duration))
      return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0)
    },
    /** The same askers at their leisure: each asks once in `interval` ms. Returns the time of each round trip. */
    spreadOut: (handles: readonly string[], interval: number, duration: number) =>
      work.spreadOut(handles.map(asker), interval, duration),
    /** When each of them had its first answer after the device was gone, epoch ms. */
    backOn: (handles: readonly string[]) => Promise.all(handles.map((handle) => work.back(asker(handle)))),
    download: (handle: string, size: number) => work.rateOf(size, () => asker(handle).download(size)),
    downloadFor: (handle: string, seconds: number) => work.downloadFor(asker(handle), seconds),
    upload: (handle: string, size: number) => work.rateOf(size, () => asker(handle).upload(size)),
    downloadSlowly: (handle: string, size: number, bytesPerSecond: number) =>
      work.rateOf(size, async () => asker(handle).downloadSlowly?.(size, bytesPerSecond)),
    resume: (handle: string) => work.resume(asker(handle)),
    /** Downloads; returns the longest time, ms, in which no byte came. */
    longestPause: (handle: string, size: number) => work.longestPause(asker(handle), size),
    fairness: (handle: string, streams: number, size: number) => work.fairness(asker(handle), streams, size),
    duringDownload: (handle: string, size: number) => work.duringDownload(asker(handle), size),
    paced: (handle: string, duration: number) => work.paced(asker(handle), duration),
  }
}

export type Commands = ReturnType<typeof createCommands>

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`There is no ${what} at this end.`)
  return value
}
