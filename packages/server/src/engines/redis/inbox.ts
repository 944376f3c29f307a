/** What comes in a node's inbox. The scripts write it, and it is read for every message: so no JSON. */
export type Letter =
  /** The node's own sign of life. */
  | { readonly kind: 'pulse' }
  /** A frame for a client; `again` if it went astray once. */
  | { readonly kind: 'first' | 'again'; readonly id: string; readonly text: string }
  /** An id that another node has been granted by this generation. */
  | { readonly kind: 'displaced'; readonly id: string; readonly generation: number }
  /** Somebody was refused an id in favour of this node: does it hold it by this generation? */
  | { readonly kind: 'check'; readonly id: string; readonly generation: number }

/** The first character of a letter with a frame, for the script that sends it. */
export const letterKinds = { first: 'm', again: 'r' } as const

/** @returns null for what no script writes */
export const readLetter = (text: string): Letter | null => {
  if (text === 'p') return { kind: 'pulse' }
  const end = text.indexOf('\n')
  if (end < 1) return null
  const [head, tail] = [text.slice(1, end), text.slice(end + 1)]
  switch (text[0]) {
    case letterKinds.first:
      return { kind: 'first', id: head, text: tail }
    case letterKinds.again:
      return { kind: 'again', id: head, text: tail }
    case 'k':
      return { kind: 'displaced', id: tail, generation: Number(head) }
    case 'c':
      return { kind: 'check', id: tail, generation: Number(head) }
    default:
      return null
  }
}

/** The frame of an entry of a queue: behind the node and the source. */
export const frameOfEntry = (entry: string): string =>
  entry.slice(entry.indexOf('\n', entry.indexOf('\n') + 1) + 1)
