export type Part = string | Uint8Array

/** A label and parts, every one with its length before it, so that no two messages encode alike. */
export const encodeParts = (parts: readonly Part[]): Uint8Array<ArrayBuffer> => {
  const text = new TextEncoder()
  const encoded = parts.map((part) => (typeof part === 'string' ? text.encode(part) : part))
  const bytes = new Uint8Array(encoded.reduce((size, part) => size + 4 + part.length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const part of encoded) {
    view.setUint32(offset, part.length)
    bytes.set(part, offset + 4)
    offset += 4 + part.length
  }
  return bytes
}
