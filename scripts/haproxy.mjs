import { existsSync } from 'node:fs'
import { SetUpError } from './set-up-error.mjs'

/**
 * The haproxy on this machine: `HAPROXY_PATH`, then the distribution's.
 *
 * @returns {string | undefined} its absolute path, undefined where there is none
 * @throws {SetUpError} when `HAPROXY_PATH` names a file that does not exist
 */
export function findHaproxy() {
  const chosen = process.env.HAPROXY_PATH
  if (!chosen) return ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path))
  if (existsSync(chosen)) return chosen
  throw new SetUpError(`HAPROXY_PATH is ${chosen}, and there is no such file.`)
}
