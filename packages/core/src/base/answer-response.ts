/**
 * Creates a `Response` whose body may fail with an error of ours. Read through `blob()`, `text()` and so on, a browser's own
 * says "Failed to fetch" or `AbortError` then, as if somebody had cancelled; this one rejects with the error itself.
 */
export function createAnswer(body: ReadableStream<Uint8Array> | null, init?: ResponseInit): Response {
  const response = new Response(body, init)
  const native = Response.prototype
  const readParts = async (): Promise<Uint8Array<ArrayBuffer>[]> => {
    const { body: source, bodyUsed } = response
    // A body that is read twice is refused in the standard's own words.
    if (!source || bodyUsed || source.locked) return [new Uint8Array(await native.arrayBuffer.call(response))]
    const parts: Uint8Array<ArrayBuffer>[] = []
    const reader = source.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return parts
      parts.push(value as Uint8Array<ArrayBuffer>)
    }
  }
  const bytes = async () => joined(await readParts())
  const text = async () => new TextDecoder().decode(await bytes())
  const readers = {
    // In parts: what is too large for the memory goes to the disk.
    blob: async () => new Blob(await readParts(), { type: response.headers.get('content-type') ?? '' }),
    text,
    bytes,
    arrayBuffer: async () => (await bytes()).buffer,
    json: async (): Promise<unknown> => JSON.parse(await text()),
    formData: async () => native.formData.call(new Response(await bytes(), response)),
    clone: () => {
      const copy = native.clone.call(response)
      return createAnswer(copy.body, copy)
    },
  }
  for (const [name, value] of Object.entries(readers)) {
    Object.defineProperty(response, name, { value, writable: true, configurable: true })
  }
  return response
}

const joined = (parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let end = 0
  for (const part of parts) {
    all.set(part, end)
    end += part.length
  }
  return all
}
