/** Whoever has an id that begins so is never decided about, at a device that is asked to. */
export const undecided = 'undecided'
