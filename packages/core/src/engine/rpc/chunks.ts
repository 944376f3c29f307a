/** Chunks below this are put together while they wait: in single bytes a stream would take 100 times its size. */
const smallChunk = 1024
const joinedSize = 8 * smallChunk

/** How much of its buffer each joined chunk uses; what is behind that is ours to write. */
const filled = new WeakMap<ArrayBufferLike, number>()

/** `next` behind `waiting`, in the same place where there is room; null where both are better left apart. */
export const joinChunks = (waiting: Uint8Array, next: Uint8Array): Uint8Array | null => {
  const size = waiting.length + next.length
  if (next.length >= smallChunk || size > joinedSize) return null
  if (filled.get(waiting.buffer) !== waiting.length) {
    if (waiting.length >= smallChunk) return null
    const room = new Uint8Array(joinedSize)
    room.set(waiting)
    waiting = room.subarray(0, waiting.length)
  }
  new Uint8Array(waiting.buffer).set(next, waiting.length)
  filled.set(waiting.buffer, size)
  return new Uint8Array(waiting.buffer, 0, size)
}
