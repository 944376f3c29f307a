import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { generateSecret } from '@nanopeer/node'

/** Who this device is: read from a file, which is made the first time. */
export async function loadIdentity(path: string): Promise<{ id: string; secret: string }> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const identity = { id: `nas-${randomUUID()}`, secret: generateSecret() }
  await writeFile(path, JSON.stringify(identity), { mode: 0o600 }) // for this user's eyes
  return identity
}
