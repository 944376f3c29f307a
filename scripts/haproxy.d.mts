/** The haproxy on this machine; undefined where there is none. */
export function findHaproxy(): string | undefined
