/** What is asked and echoed everywhere: 122 bytes as JSON, the size of an ordinary small request. */
export const sample = {
  path: '/photos/2026/lisbon',
  sort: { by: 'modified', descending: true },
  offset: 200,
  limit: 50,
  tags: ['sea', 'tram', 'evening'],
}

const block = new Uint8Array(256 * 1024).map((_, index) => index * 31)

/** `size` bytes in pieces of at most `piece`, which is at most 256 KiB. Nothing is allocated for them. */
export function* pieces(size: number, piece: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let left = size; left > 0; left -= piece) yield block.subarray(0, Math.min(piece, left))
}

/** The same as a stream that makes a piece only when it is asked for one. */
export function streamOf(size: number, piece: number): ReadableStream<Uint8Array> {
  const source = pieces(size, piece)
  return new ReadableStream(
    {
      pull(controller) {
        const { done, value } = source.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

/** Reads a stream to its end; returns its size. */
export async function drain(
  stream: ReadableStream<Uint8Array>,
  arrived?: (bytes: number) => void | Promise<void>,
): Promise<number> {
  const reader = stream.getReader()
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return size
    size += value.length
    await arrived?.(value.length)
  }
}
