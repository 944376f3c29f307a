import type { Codec, Decoded } from '../../src/engine/plain/codec'

/** What a message of a PeerJS client turns out to be, read to its end in one go. */
export const decodeWhole = (codec: Codec, message: Uint8Array): Decoded => {
  const all: Decoded[] = []
  let unread = codec.decode(message, (decoded) => all.push(decoded))
  while (unread) unread = unread()
  return all[0] as Decoded
}
