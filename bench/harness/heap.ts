import type { PageEnd } from './end'

/**
 * Bytes that a page's JavaScript holds: V8's heap, the buffers outside it (array buffers), and the browser's own
 * objects behind it (streams, channels, messages).
 */
export async function heapOf({ devtools }: Pick<PageEnd, 'devtools'>): Promise<number> {
  const usage = (await devtools.send('Runtime.getHeapUsage')) as Record<string, number>
  const { usedSize = 0, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage
  return usedSize + embedderHeapUsedSize + backingStorageSize
}

/** The same after a forced collection: only what is still in use. */
export async function liveHeapOf(end: Pick<PageEnd, 'devtools' | 'collect'>): Promise<number> {
  // What the first collection finds dead may have kept something else alive through the browser's heap.
  for (let round = 0; round < 2; round++) await end.collect()
  return heapOf(end)
}
