/** Bytes that every end can make for itself, and that never repeat: xorshift32 from the offset of each 64 KiB. */
export const chunkSize = 65_536

/** @param index the chunk's place, from 0 */
export const chunkAt = (index: number): Uint8Array<ArrayBuffer> => {
  const words = new Uint32Array(chunkSize / 4)
  let state = index + 0x9e3779b9
  for (let word = 0; word < words.length; word++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[word] = state
  }
  return new Uint8Array(words.buffer)
}

/** A stream of `chunks` chunks, each made when it is asked for. @param made called after each, with how many there are */
export const streamOf = (chunks: number, made: (count: number) => void = () => {}) => {
  let count = 0
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(chunkAt(count))
        count++
        if (count === chunks) controller.close()
        made(count)
      },
    },
    { highWaterMark: 0 },
  )
}
