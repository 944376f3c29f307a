/** From this many bytes on TextDecoder is faster than code, for ASCII. */
const longAscii = 64
/** And from this many for anything. It does not keep lone surrogates, which only shorter texts may have. */
const longText = 200
/** Up to this many letters an engine copies what is put together; V8 keeps a tree of the parts of anything longer. */
const copiedText = 12

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text that `bytes` are in UTF-8 from `begin` to `end`. What is no UTF-8 is read as some text. */
export const readText = (bytes: Uint8Array, begin: number, end: number): string => {
  const size = end - begin
  if (size > longText || (size >= longAscii && isAscii(bytes, begin, end))) {
    return textDecoder.decode(bytes.subarray(begin, end))
  }
  let text = ''
  let index = begin
  if (size <= copiedText) {
    for (; index + 4 <= end; index += 4) {
      const first = bytes[index] as number
      const second = bytes[index + 1] as number
      const third = bytes[index + 2] as number
      const fourth = bytes[index + 3] as number
      if ((first | second | third | fourth) > 0x7f) break
      text += String.fromCharCode(first, second, third, fourth)
    }
  }
  return index === end ? text : text + readShort(bytes, index, end)
}

/** In one call: a text that is a tree of its parts takes ten times the memory, and as long again when it is read. */
const textOf = (units: number[]): string => String.fromCharCode.apply(null, units)

const readShort = (bytes: Uint8Array, begin: number, end: number): string => {
  const units = unitsOf(end - begin)
  for (let index = begin; index < end; index++) {
    const unit = bytes[index] as number
    if (unit > 0x7f) return readUnits(bytes, begin, end)
    units[index - begin] = unit
  }
  return textOf(units)
}

/** Filled again for each text of the same length: a new one each time would take as long as the text. */
const lists: number[][] = []

const unitsOf = (size: number): number[] => {
  lists[size] ??= new Array(size).fill(0)
  return lists[size]
}

const isAscii = (bytes: Uint8Array, begin: number, end: number): boolean => {
  for (let index = begin; index < end; index++) if ((bytes[index] as number) > 0x7f) return false
  return true
}

/** Two more than the longest text: one that is cut short within its last letter. */
const scratch: number[] = new Array(longText + 2).fill(0)

const readUnits = (bytes: Uint8Array, begin: number, end: number): string => {
  let length = 0
  let index = begin
  while (index < end) {
    const first = bytes[index++] as number
    if (first < 0x80) {
      scratch[length++] = first
      continue
    }
    const second = (bytes[index++] as number) & 0x3f
    if (first < 0xe0) {
      scratch[length++] = ((first & 0x1f) << 6) | second
      continue
    }
    const third = (bytes[index++] as number) & 0x3f
    const code = (second << 6) | third
    if (first < 0xf0) {
      scratch[length++] = ((first & 0x0f) << 12) | code
      continue
    }
    const fourth = (bytes[index++] as number) & 0x3f
    const pair = (((first & 7) << 18) | (code << 6) | fourth) - 0x10000
    scratch[length++] = 0xd800 | ((pair >> 10) & 0x3ff)
    scratch[length++] = 0xdc00 | (pair & 0x3ff)
  }
  return textOf(scratch.slice(0, length))
}
