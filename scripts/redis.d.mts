/** The Redis or Valkey server on this machine; undefined where there is none. */
export function findRedis(): string | undefined
