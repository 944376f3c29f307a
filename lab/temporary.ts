import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes an empty folder that is removed when the lab ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'nanopeer-lab-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
