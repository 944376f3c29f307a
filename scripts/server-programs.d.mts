/** The Redis or Valkey server on this machine; undefined where there is none. */
export function findRedis(): string | undefined
/** The haproxy on this machine; undefined where there is none. */
export function findHaproxy(): string | undefined
/** The Caddy on this machine; undefined where there is none. */
export function findCaddy(): string | undefined
