import { readdir, stat } from 'node:fs/promises'
import { ActionError } from '@nanopeer/core'
import type { FileEntry } from '../shared/actions'
import { asActionError, confine } from './confine'

const alphabetically = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * What is in a folder: folders first, then by name. Hidden names, links that leave the shared folder and anything that
 * is neither file nor folder are left out.
 *
 * @throws `ActionError` 400 for a file, 403 and 404 as `confine`.
 */
export const list = async (root: string, path: unknown): Promise<FileEntry[]> => {
  const { location, path: folder } = await confine(root, path)
  const names = await readdir(location).catch((error) => {
    throw error.code === 'ENOTDIR'
      ? new ActionError(400, 'That is a file, not a folder.')
      : asActionError(error)
  })
  const entries = await Promise.all(names.map((name) => look(root, folder, name)))
  return entries
    .filter((entry) => entry !== null)
    .sort((a, b) => kindOrder(a) - kindOrder(b) || alphabetically.compare(a.name, b.name))
}

const kindOrder = (entry: FileEntry) => (entry.kind === 'folder' ? 0 : 1)

const look = async (root: string, folder: string, name: string): Promise<FileEntry | null> => {
  try {
    const { location } = await confine(root, folder === '' ? name : `${folder}/${name}`)
    const entry = await stat(location)
    if (!entry.isDirectory() && !entry.isFile()) return null
    const kind = entry.isDirectory() ? 'folder' : 'file'
    return { name, kind, size: kind === 'file' ? entry.size : 0, modified: entry.mtime }
  } catch (error) {
    // One entry that may not be shown, or that went away meanwhile, must not hide the others.
    if (error instanceof ActionError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
