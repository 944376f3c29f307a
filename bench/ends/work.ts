/** What the asking end does while the clock runs. All times in ms. */
import type { Asker } from './contestant'
import { sample } from './payload'

/** Round trips one after the other for `duration`; returns each one's time. */
export async function sequential(asker: Asker, duration: number): Promise<number[]> {
  const times: number[] = []
  const end = performance.now() + duration
  for (let start = performance.now(); start < end; ) {
    await asker.echo(sample)
    const now = performance.now()
    times.push(now - start)
    start = now
  }
  return times
}

/** The same with bytes as they are: the least that a round trip can cost. */
export async function sequentialBytes(asker: Asker, duration: number): Promise<number[]> {
  const bytes = new TextEncoder().encode(JSON.stringify(sample))
  const times: number[] = []
  const end = performance.now() + duration
  for (let start = performance.now(); start < end; ) {
    await asker.echoBytes?.(bytes)
    const now = performance.now()
    times.push(now - start)
    start = now
  }
  return times
}

/** Round trips per second with so many workers at once, each of which waits for its answer. */
export async function concurrent(asker: Asker, workers: number, duration: number): Promise<number> {
  const start = performance.now()
  const end = start + duration
  let count = 0
  const worker = async () => {
    while (performance.now() < end) {
      await asker.echo(sample)
      count++
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return count / ((performance.now() - start) / 1000)
}

/** So many round trips with so many workers at once; returns the ms that all of them took. */
export async function repeat(asker: Asker, workers: number, count: number): Promise<number> {
  const start = performance.now()
  let left = count
  const worker = async () => {
    while (left-- > 0) await asker.echo(sample)
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return performance.now() - start
}

/** Bytes per second of a transfer of `size` bytes. */
export async function rateOf(size: number, transfer: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await transfer()
  return size / ((performance.now() - start) / 1000)
}

/** Several downloads at once: what each has when the first is done. */
export async function fairness(asker: Asker, streams: number, size: number): Promise<number[]> {
  const loaded = new Array<number>(streams).fill(0)
  let atFirstEnd: number[] | null = null
  const download = async (index: number) => {
    await asker.download(size, (bytes) => {
      loaded[index] = (loaded[index] ?? 0) + bytes
    })
    atFirstEnd ??= [...loaded]
  }
  await Promise.all(loaded.map((_, index) => download(index)))
  return atFirstEnd ?? loaded
}

/** Round trips one after the other while a download of `size` bytes runs, from when it has begun to flow. */
export async function duringDownload(asker: Asker, size: number): Promise<number[]> {
  const times: number[] = []
  /** Bytes from which on the path has been filled. A lossy one is sent little. */
  const filled = Math.min(1024 * 1024, size / 4)
  let loaded = 0
  let over = false
  const download = asker
    .download(size, (bytes) => {
      loaded += bytes
    })
    .finally(() => {
      over = true
    })
  while (!over) {
    const start = performance.now()
    await asker.echo(sample)
    if (loaded > filled && !over) times.push(performance.now() - start)
    // Several a second, as a person clicks: the requests themselves shall not be what saturates the link.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await download
  return times
}

/**
 * Requests at a steady pace, whatever becomes of those before: one that is held up does not keep others from being
 * held up too.
 */
export async function paced(asker: Asker, duration: number): Promise<number[]> {
  const pending: Promise<number>[] = []
  const ask = async () => {
    const start = performance.now()
    await asker.echo(sample)
    return performance.now() - start
  }
  for (const end = performance.now() + duration; performance.now() < end; ) {
    pending.push(ask())
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return Promise.all(pending)
}

/** Each of them asks once in `interval` ms, one after the other; returns the time of each round trip. */
export async function spreadOut(
  askers: readonly Asker[],
  interval: number,
  duration: number,
): Promise<number[]> {
  const pending: Promise<number>[] = []
  const ask = async (asker: Asker) => {
    const start = performance.now()
    await asker.echo(sample)
    return performance.now() - start
  }
  const start = performance.now()
  for (let asked = 0; performance.now() - start < duration; ) {
    const due = ((performance.now() - start) / interval) * askers.length
    for (; asked < due; asked++) pending.push(ask(askers[asked % askers.length] as Asker))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return Promise.all(pending)
}

/** When the device answered again, epoch ms. */
export function back(asker: Asker): Promise<number> {
  if (!asker.back) throw new Error('This contestant does not dial again.')
  return asker.back()
}

/** Ms from when the link is lost to the first answer. */
export function resume(asker: Asker): Promise<number> {
  if (!asker.resume) throw new Error('This contestant does not go on over a new link.')
  return asker.resume()
}

/** The longest time of a download in which no byte came. */
export async function longestPause(asker: Asker, size: number): Promise<number> {
  let last = performance.now()
  let longest = 0
  await asker.download(size, () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  })
  return longest
}

/** So much that no path brings it within a turn, bytes. */
const endless = 2 ** 40

/** The bytes that come in each of so many seconds of a download. Nothing ends that but closing both ends. */
export async function downloadFor(asker: Asker, seconds: number): Promise<number[]> {
  const bytes = new Array<number>(seconds).fill(0)
  const start = performance.now()
  const download = asker.download(endless, (size) => {
    const second = Math.floor((performance.now() - start) / 1000)
    if (second < seconds) bytes[second] = (bytes[second] ?? 0) + size
  })
  const over = new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))
  await Promise.race([over, download])
  // It fails as the ends are closed.
  download.catch(() => {})
  return bytes
}
