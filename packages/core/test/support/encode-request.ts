import { encodeHead, type RequestHead } from '../../src/engine/wire/request-head'

/** A request's whole payload. */
export const encodeRequest = (head: RequestHead, input: Uint8Array): Uint8Array<ArrayBuffer> => {
  const begin = encodeHead(head)
  const payload = new Uint8Array(begin.length + input.length)
  payload.set(begin)
  payload.set(input, begin.length)
  return payload
}
