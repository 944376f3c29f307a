import { existsSync } from 'node:fs'
import { SetUpError } from './set-up-error.mjs'

const systemRedis = ['/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server']

/**
 * The Redis or Valkey server on this machine: `REDIS_SERVER_PATH`, then the distribution's.
 *
 * @returns {string | undefined} its absolute path, undefined where there is none
 * @throws {SetUpError} when `REDIS_SERVER_PATH` names a file that does not exist
 */
export function findRedis() {
  const chosen = process.env.REDIS_SERVER_PATH
  if (!chosen) return systemRedis.find((path) => existsSync(path))
  if (existsSync(chosen)) return chosen
  throw new SetUpError(`REDIS_SERVER_PATH is ${chosen}, and there is no such file.`)
}
