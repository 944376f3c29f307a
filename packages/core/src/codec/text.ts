/** From this many bytes on TextDecoder is faster than code, for ASCII. */
const longAscii = 64
/** And from this many for anything. It does not keep lone surrogates, which only shorter texts may have. */
const longText = 200

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text that `bytes` are in UTF-8 from `begin` to `end`. What is no UTF-8 is read as some text. */
export const readText = (bytes: Uint8Array, begin: number, end: number): string => {
  const size = end - begin
  if (size > longText || (size >= longAscii && isAscii(bytes, begin, end))) {
    return textDecoder.decode(bytes.subarray(begin, end))
  }
  let text = ''
  let index = begin
  for (; index + 4 <= end; index += 4) {
    const first = bytes[index] as number
    const second = bytes[index + 1] as number
    const third = bytes[index + 2] as number
    const fourth = bytes[index + 3] as number
    if ((first | second | third | fourth) > 0x7f) break
    text += String.fromCharCode(first, second, third, fourth)
  }
  return index === end ? text : text + readUnits(bytes, index, end)
}

const isAscii = (bytes: Uint8Array, begin: number, end: number): boolean => {
  for (let index = begin; index < end; index++) if ((bytes[index] as number) > 0x7f) return false
  return true
}

const readUnits = (bytes: Uint8Array, begin: number, end: number): string => {
  const units: number[] = []
  let index = begin
  while (index < end) {
    const first = bytes[index++] as number
    if (first < 0x80) {
      units.push(first)
      continue
    }
    const second = (bytes[index++] as number) & 0x3f
    if (first < 0xe0) {
      units.push(((first & 0x1f) << 6) | second)
      continue
    }
    const third = (bytes[index++] as number) & 0x3f
    const code = (second << 6) | third
    if (first < 0xf0) {
      units.push(((first & 0x0f) << 12) | code)
      continue
    }
    const fourth = (bytes[index++] as number) & 0x3f
    const pair = (((first & 7) << 18) | (code << 6) | fourth) - 0x10000
    units.push(0xd800 | ((pair >> 10) & 0x3ff), 0xdc00 | (pair & 0x3ff))
  }
  return String.fromCharCode(...units)
}
