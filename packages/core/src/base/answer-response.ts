/**
 * Creates a `Response` whose body may fail with an error of ours. Read through `blob()`, `text()` and so on, a browser's own
 * says "Failed to fetch" or `AbortError` then, as if somebody had cancelled; this one rejects with the error itself.
 */
export function createAnswer(body: ReadableStream<Uint8Array> | null, init?: ResponseInit): Response {
  const response = new Response(body, init)
  const native = Response.prototype
  const blob = async (): Promise<Blob> => {
    const { body: source, bodyUsed, headers } = response
    // A body that is read twice is refused in the standard's own words.
    if (!source || bodyUsed || source.locked) return native.blob.call(response)
    const parts: BlobPart[] = []
    const reader = source.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return new Blob(parts, { type: headers.get('content-type') ?? '' })
      parts.push(value as Uint8Array<ArrayBuffer>)
    }
  }
  const text = async () => (await blob()).text()
  const arrayBuffer = async () => (await blob()).arrayBuffer()
  const readers = {
    blob,
    text,
    arrayBuffer,
    bytes: async () => new Uint8Array(await arrayBuffer()),
    json: async (): Promise<unknown> => JSON.parse(await text()),
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
