import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const pattern = /^\.nanopeer-[0-9a-f-]{36}\.part$/

/** No upload that is alive writes nothing for this long, in ms: a stream's idle timeout is far below it. */
const abandonedAfter = 10 * 60_000

/** Where an upload is kept until it is whole: hidden, never shared, and in the folder of the file it will be. */
export const partialIn = (folder: string) => join(folder, `.nanopeer-${randomUUID()}.part`)

/** Removes what uploads left in a folder when their device was killed. */
export const removeAbandoned = async (folder: string, now = Date.now()): Promise<void> => {
  const partial = (await readdir(folder)).filter((name) => pattern.test(name))
  await Promise.all(
    partial.map(async (name) => {
      const location = join(folder, name)
      const modified = await stat(location).then((entry) => entry.mtimeMs, gone)
      if (now - modified > abandonedAfter) await rm(location, { force: true })
    }),
  )
}

/** Another upload may have finished between the look and the question. */
const gone = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return Number.POSITIVE_INFINITY
  throw error
}
