import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const made: string[] = []

afterEach(async () => {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

/** An empty folder that goes away with its test. */
export const makeFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'nanopeer-files-')))
  made.push(folder)
  return folder
}

/** Everything in a folder, hidden names too, in order. */
export const namesIn = async (folder: string) => (await readdir(folder)).sort()
