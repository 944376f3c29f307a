import type { Clock } from './clock'

/** Resolves in a task of its own: what has arrived meanwhile is heard before. */
export const inTaskOfItsOwn = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    if (clock.soon) clock.soon(resolve)
    else clock.after(0, resolve)
  })
