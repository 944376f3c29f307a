/**
 * What one source may have waiting for one destination, as a part of the places that are free then: a fifth of all, which is more than
 * a dial takes, and others' dials find room. The same threshold bounds what waits for who reads slowly (clients/backlog.ts).
 */
export const queueShare = 1 / 4
