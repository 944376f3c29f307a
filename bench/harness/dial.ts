import type { End } from './end'

/** Ms; a dial takes about twenty. */
const patience = 5000

/**
 * Dials, and again where nothing comes of it: now and then Chromium's end of a channel can hear and not speak
 * (docs/decisions/0016). nanopeer says so at once; with PeerJS or a bare channel nobody ever answers.
 *
 * @returns the ms of the dial that came about
 */
export async function dial(asker: Pick<End, 'tell'>, handle: string): Promise<number> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patience)
    })
    const dialled = asker.tell('dial', handle).catch((error: Error) => {
      console.error(error.message)
      return null
    })
    const taken = await Promise.race([dialled, late])
    clearTimeout(timer)
    if (taken !== null) return taken
    console.error(`${handle} was not answered, and is dialled again.`)
  }
  throw new Error(`${handle} was never answered.`)
}
