const pieceSize = 65_536

/** Bytes that look random and follow from their seed (xorshift32). `size` is a multiple of 64 KiB. */
export function* contentOf(seed: number, size: number): Generator<Uint8Array<ArrayBuffer>> {
  let state = seed | 1
  for (let offset = 0; offset < size; offset += pieceSize) {
    const words = new Uint32Array(pieceSize / 4)
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      words[index] = state
    }
    yield new Uint8Array(words.buffer)
  }
}

/** The same, made as it is read. */
export const contentStream = (seed: number, size: number): ReadableStream<Uint8Array> => {
  const pieces = contentOf(seed, size)
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { value, done } = pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

/** SHA-256 in hexadecimal. */
export const sha256Of = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** All of a stream in one piece; `read` hears how much there is so far. */
export const collect = async (
  stream: ReadableStream<Uint8Array>,
  read: (size: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> => {
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value)
    size += next.value.length
    read(size)
  }
  const whole = new Uint8Array(size)
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}
