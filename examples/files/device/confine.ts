import { lstat, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { ActionError } from '@nanopeer/core'

/** A place that is known to be inside the shared folder. */
export interface Confined {
  /** Absolute, and free of symbolic links. */
  readonly location: string
  /** Relative to the shared folder, with `/` between its parts; '' is the shared folder itself. */
  readonly path: string
}

const outside = () => new ActionError(403, 'That path leads out of the shared folder.')
const missing = () => new ActionError(404, 'There is no such file or folder.')

/** Splits a path that a remote sent, without looking at the disk. '/' alone is taken for the shared folder itself. */
const partsOf = (path: unknown): string[] => {
  if (typeof path !== 'string') throw new ActionError(400, 'A path is a string.')
  if (path === '' || path === '/') return []
  // Both slashes on every system: what is a name on one device is a way up on another.
  const parts = path.split(/[/\\]/)
  if (path.includes('\0') || isAbsolute(path) || parts[0] === '' || parts.includes('..')) throw outside()
  return parts.filter((part) => part !== '' && part !== '.')
}

/** Names that begin with a dot are not shared: they are where people keep keys and settings. */
const isHidden = (part: string) => part.startsWith('.')

const pathOf = (root: string, location: string): string => {
  const path = relative(root, location)
  if (isAbsolute(path) || path.split(sep).includes('..')) throw outside()
  if (path.split(sep).some(isHidden))
    throw new ActionError(403, 'Names that begin with a dot are not shared.')
  return path.split(sep).join('/')
}

const reasons: Record<string, () => ActionError> = {
  ENOENT: missing,
  ENOTDIR: missing,
  ENAMETOOLONG: missing,
  ELOOP: outside,
  EACCES: () => new ActionError(403, 'The device may not open that.'),
  EPERM: () => new ActionError(403, 'The device may not open that.'),
}

/** What a failed look at the disk means to the asker; anything unexpected is thrown on as it is. */
export const asActionError = (error: unknown): unknown =>
  reasons[(error as NodeJS.ErrnoException)?.code ?? '']?.() ?? error

const realPathOf = async (location: string) => {
  try {
    return await realpath(location)
  } catch (error) {
    throw asActionError(error)
  }
}

/**
 * Where an existing file or folder is, once every symbolic link is followed.
 *
 * @throws `ActionError` 403 for a path or a link that leads out of `root` or to a hidden name, 404 for a missing one.
 */
export const confine = async (root: string, path: unknown): Promise<Confined> => {
  const parts = partsOf(path)
  const realRoot = await realPathOf(root)
  // Judged before the disk is asked, so that nobody learns what lies outside by the kind of the error.
  pathOf(realRoot, resolve(realRoot, ...parts))
  const location = await realPathOf(join(realRoot, ...parts))
  return { location, path: pathOf(realRoot, location) }
}

/**
 * Where a file that is not there yet may be made: its folder is confined, its name is new.
 *
 * @throws `ActionError` 400 without a name, 403 as {@link confine}, 404 for a missing folder, 409 for a name that is
 * taken, by a dangling link too.
 */
export const confineNew = async (root: string, path: unknown): Promise<Confined & { folder: string }> => {
  const parts = partsOf(path)
  const name = parts.pop()
  if (name === undefined) throw new ActionError(400, 'A new file needs a name.')
  if (isHidden(name)) throw new ActionError(403, 'Names that begin with a dot are not shared.')
  const { location: folder, path: folderPath } = await confine(root, parts.join('/'))
  const location = join(folder, name)
  if (await isTaken(location)) throw taken(name)
  return { folder, location, path: folderPath === '' ? name : `${folderPath}/${name}` }
}

/** The error for a name that is in use. */
export const taken = (name: string) => new ActionError(409, `There is already a “${name}” here.`, { name })

const isTaken = async (location: string) => {
  try {
    await lstat(location)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw asActionError(error)
  }
}
