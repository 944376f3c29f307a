import { encodeValue } from '../codec/write'
import { NanopeerError } from './errors'

/** What a dialler says of itself, encoded, at most, bytes. */
export const maxMetadata = 2 * 1024

/**
 * What a dialler says of itself, as its READY carries it; null where that is nothing.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for what cannot be sent, or is over 2 KiB.
 */
export const encodeMetadata = (metadata: unknown): Uint8Array | null => {
  if (metadata === undefined) return null
  const bytes = encodeValue(metadata, 'INVALID_INPUT')
  if (bytes.length <= maxMetadata) return bytes
  const message = `The metadata of a connection has ${bytes.length} bytes, and may have ${maxMetadata}; send the rest in a request.`
  throw new NanopeerError('INVALID_INPUT', message)
}
