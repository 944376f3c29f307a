/** What a page does that is there to ask one thing: it registers, dials and asks as soon as its code runs. */
import type { Contestant, Meeting } from '../contestant'

/** When it was so far, ms from when the browser began to load the page. */
export interface FirstAnswer {
  /** Its code runs. */
  readonly loaded: number
  /** It has an id. */
  readonly registered: number
  readonly answered: number
}

/** The meeting stands in the page's address. */
export async function askFirst(contestant: Contestant): Promise<void> {
  const loaded = performance.now()
  const meeting = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Meeting
  const dialler = await contestant.ask(meeting)
  const registered = performance.now()
  const asker = await dialler.dial()
  await asker.echo(null)
  const bench: FirstAnswer = { loaded, registered, answered: performance.now() }
  Object.assign(globalThis, { bench })
}
