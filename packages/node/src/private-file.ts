import { randomUUID } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Only for whoever this process runs as. On Windows it means nothing: there the folder's access list protects it. */
const mode = 0o600

/** The file's text; null where there is no file. */
export const readPrivate = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Writes a file that is not there yet; false where one is. It is there whole, or not at all. */
export const createPrivate = (path: string, text: string): Promise<boolean> =>
  besides(path, text, async (draft) => {
    try {
      await link(draft, path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  })

/** Writes a file in place of the one that is there: whoever reads sees the one or the other, whole. */
export const replacePrivate = (path: string, text: string): Promise<void> =>
  besides(path, text, (draft) => rename(draft, path))

/** Writes to a file of another name first, which is gone when this is over. */
const besides = async <Result>(
  path: string,
  text: string,
  act: (draft: string) => Promise<Result>,
): Promise<Result> => {
  const draft = `${path}.${randomUUID()}`
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    const result = await act(draft)
    await syncFolder(dirname(path))
    return result
  } finally {
    await rm(draft, { force: true })
  }
}

/** A new name outlives a power cut only when its folder is written, too. Windows opens no folders, and needs none opened. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
