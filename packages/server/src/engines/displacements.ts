/** Ms in which displacements are counted. */
export const displacementWindow = 10_000
/** How many sockets of one owner may take an id from each other in that time. Two tabs would go on for ever. */
export const displacementsAllowed = 2

/** How often an id changed hands lately. */
export interface Displacements {
  readonly since: number
  readonly count: number
}

/** Counts one more. @returns null where that is one too many */
export const displacedAgain = (before: Displacements | undefined, now: number): Displacements | null => {
  if (!before || now - before.since >= displacementWindow) return { since: now, count: 1 }
  return before.count < displacementsAllowed ? { ...before, count: before.count + 1 } : null
}
