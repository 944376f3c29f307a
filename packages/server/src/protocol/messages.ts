/** The kinds of messages that one client sends to another. Everything else it may send is HEARTBEAT, or ignored. */
const relayed = new Set(['OFFER', 'ANSWER', 'CANDIDATE', 'LEAVE', 'EXPIRE'])

/** Longest id in characters. PeerJS and nanopeer make ids of 36. */
const longestId = 256

/** One message between two clients. `text` is the whole frame, as the destination is going to read it. */
export interface Message {
  readonly type: string
  readonly src: string
  readonly dst: string
  readonly text: string
}

/** What a client may say: a message for another, that it leaves, or nothing that matters beyond that it lives. */
export type Frame =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'leave' | 'alive' }

/** Whether this can be an id: text of a bounded length in one line, for lines separate fields in Redis. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longestId && !value.includes('\n')

/** Makes a message; `payload` may be anything that came out of `JSON.parse`. Throws `RangeError` where it is nested too deeply. */
export const createMessage = (type: string, src: string, dst: string, payload?: unknown): Message => ({
  type,
  src,
  dst,
  text: JSON.stringify({ type, src, dst, payload }),
})

/** Tells who dialled `message.dst` that it did not come: what PeerServer sends after `expire` ms. */
export const expireOf = ({ src, dst }: { src: string; dst: string }): Message =>
  createMessage('EXPIRE', dst, src)

/** Whether a message waits for a destination that is not there. A goodbye is of no use later. */
export const isQueued = ({ type }: Message): boolean => type !== 'LEAVE' && type !== 'EXPIRE'

/**
 * Reads one frame of the client `src`. The source is always the client's own id, whatever the frame says.
 *
 * @returns null for what is not a JSON object, or cannot be written again (nested too deeply)
 */
export const readFrame = (text: string, src: string): Frame | null => {
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
    const { type, dst, payload } = given as Record<string, unknown>
    if (typeof type !== 'string' || !relayed.has(type)) return { kind: 'alive' }
    if (isId(dst)) return { kind: 'message', message: createMessage(type, src, dst, payload) }
    return { kind: type === 'LEAVE' && !dst ? 'leave' : 'alive' }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null
    throw error
  }
}

/** Reads a message that this package has written. */
export const readMessage = (text: string): Message => {
  const { type, src, dst } = JSON.parse(text) as Message
  return { type, src, dst, text }
}
