import { atom, onMount, type ReadableAtom } from 'nanostores'

const $time = atom(Date.now())

/** The time in epoch ms, four times a second while anybody looks. */
export const $now: ReadableAtom<number> = $time

onMount($time, () => {
  $time.set(Date.now())
  const timer = setInterval(() => $time.set(Date.now()), 250)
  return () => clearInterval(timer)
})
