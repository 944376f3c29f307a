/** How long this end's event loop stood still. */
let longest = 0
let last = 0

/** Begins to look, every few ms. */
export function watchLoop(): void {
  const tick = () => {
    const now = performance.now()
    if (last > 0) longest = Math.max(longest, now - last)
    last = now
    setTimeout(tick, 1)
  }
  if (last === 0) tick()
}

/** The longest time between two looks since it was last asked, ms. */
export function longestGap(): number {
  const gap = Math.max(longest, performance.now() - last)
  longest = 0
  return gap
}
