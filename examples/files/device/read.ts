import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, Readable, Transform } from 'node:stream'
import { ActionError } from '@nanopeer/core'
import { asActionError, confine } from './confine'
import { contentType } from './content-type'

// The location is free of links already: NOFOLLOW refuses one put there since. NONBLOCK keeps a named pipe from
// holding the open for ever. Windows has neither.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * One file as a `Response`, with its length and type. The file is closed when its body is read or cancelled.
 *
 * @throws `ActionError` 400 for a folder, 403 and 404 as `confine`.
 */
export const read = async (root: string, path: unknown): Promise<Response> => {
  const { location } = await confine(root, path)
  const file = await open(location, flags).catch((error) => {
    throw asActionError(error)
  })
  try {
    const entry = await file.stat()
    if (!entry.isFile()) throw new ActionError(400, 'That is not a file.')
    const { size } = entry
    const headers = { 'content-length': String(size), 'content-type': contentType(location) }
    if (size === 0) {
      await file.close()
      return new Response(new Uint8Array(0), { headers })
    }
    // The end is fixed now, so that a file which grows meanwhile keeps the promised length.
    const bytes = file.createReadStream({ start: 0, end: size - 1, highWaterMark: 256 * 1024 })
    const whole = pipeline(bytes, expectLength(size), ignore)
    return new Response(Readable.toWeb(whole) as ReadableStream<Uint8Array>, { headers })
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Passes bytes on, and fails at the end of a file that became shorter: half a file must not look like a whole one. */
const expectLength = (size: number) => {
  let seen = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seen += chunk.byteLength
      done(null, chunk)
    },
    flush: (done) => done(seen < size ? new ActionError(410, 'The file became shorter meanwhile.') : null),
  })
}

/** `pipeline` asks for it; an error reaches whoever reads the body. */
const ignore = () => {}
