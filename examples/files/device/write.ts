import { link, open, rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ActionError } from '@nanopeer/core'
import type { FileEntry } from '../shared/actions'
import { asActionError, confineNew, taken } from './confine'
import { partialIn, removeAbandoned } from './partial'

/** What an upload brings. */
export interface Upload {
  readonly path: unknown
  /** Bytes that its sender promised. */
  readonly size: unknown
  readonly body: ReadableStream<Uint8Array> | undefined
  /** Fires when its sender gives up or is lost. */
  readonly signal: AbortSignal
}

/**
 * Saves an upload as a new file. It grows under a hidden name and gets its own only when it is whole, so that a
 * broken upload leaves nothing and no file is ever written over.
 *
 * @throws `ActionError` 409 for a name that is taken, 400 without a body or when fewer or more bytes than promised
 * arrived, 403 and 404 as `confine`.
 */
export const write = async (root: string, { path, size, body, signal }: Upload): Promise<FileEntry> => {
  const { folder, location } = await confineNew(root, path)
  if (body === undefined) throw new ActionError(400, 'An upload needs a body.')
  await removeAbandoned(folder)
  const partial = partialIn(folder)
  try {
    const file = await open(partial, 'wx').catch((error) => {
      throw asActionError(error)
    })
    await pipeline(Readable.fromWeb(body as never), file.createWriteStream(), { signal })
    const entry = await stat(partial)
    if (entry.size !== size) throw new ActionError(400, `Of ${size} bytes ${entry.size} arrived.`)
    await publish(partial, location)
    return { name: basename(location), kind: 'file', size: entry.size, modified: entry.mtime }
  } finally {
    await rm(partial, { force: true })
  }
}

/** Gives a whole upload its name; of two uploads under one name the first wins. */
const publish = async (partial: string, location: string) => {
  try {
    await link(partial, location)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw taken(basename(location))
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    await publishWithoutLinks(partial, location)
  }
}

/** exFAT and some network folders have no hard links: an empty file holds the name while the upload takes its place. */
const publishWithoutLinks = async (partial: string, location: string) => {
  const holder = await open(location, 'wx').catch((error) => {
    throw error.code === 'EEXIST' ? taken(basename(location)) : error
  })
  await holder.close()
  try {
    await rename(partial, location)
  } catch (error) {
    await rm(location, { force: true })
    throw error
  }
}
