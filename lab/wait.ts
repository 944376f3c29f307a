const sleep = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time))

/** Lets `time` ms pass: for a fault that is meant to last, never for something to happen. */
export const last = sleep

/**
 * Looks again and again until `look` gives something other than null, undefined or false, and returns that.
 *
 * @throws after `deadline` ms, naming what never came.
 * @param deadline generous: it is for what never happens, not for what is slow
 */
export const until = async <Found>(
  what: string,
  look: () => Promise<Found> | Found,
  deadline = 60_000,
): Promise<NonNullable<Exclude<Found, false>>> => {
  const begun = Date.now()
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) {
      return found as NonNullable<Exclude<Found, false>>
    }
    if (Date.now() - begun > deadline) throw new Error(`Not within ${deadline / 1000} s: ${what}.`)
    await sleep(20)
  }
}
