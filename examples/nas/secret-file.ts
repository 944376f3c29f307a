import { readFileSync, writeFileSync } from 'node:fs'
import { generateSecret } from '@nanopeer/node'

/** The secret in this file, which is made the first time. */
export function readSecret(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const secret = generateSecret()
    writeFileSync(path, secret, { mode: 0o600 }) // for this user's eyes
    return secret
  }
}
