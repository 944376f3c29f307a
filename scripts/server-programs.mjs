import { existsSync } from 'node:fs'
import { SetUpError } from './set-up-error.mjs'

/**
 * The absolute path of a program: what the variable names, then where distributions put it.
 *
 * @param {string} variable
 * @param {...string} usual
 * @returns {string | undefined} undefined where there is none
 * @throws {SetUpError} when the variable names a file that does not exist
 */
function find(variable, ...usual) {
  const chosen = process.env[variable]
  if (!chosen) return usual.find((path) => existsSync(path))
  if (existsSync(chosen)) return chosen
  throw new SetUpError(`${variable} is ${chosen}, and there is no such file.`)
}

/** The Redis or Valkey server on this machine: `REDIS_SERVER_PATH`, then the distribution's. */
export const findRedis = () =>
  find('REDIS_SERVER_PATH', '/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server')

/** The haproxy on this machine: `HAPROXY_PATH`, then the distribution's. */
export const findHaproxy = () => find('HAPROXY_PATH', '/usr/sbin/haproxy', '/usr/local/sbin/haproxy')

/** The Caddy on this machine: `CADDY_PATH`, then the distribution's. */
export const findCaddy = () => find('CADDY_PATH', '/usr/bin/caddy', '/usr/local/bin/caddy')
