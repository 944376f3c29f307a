import { NanopeerError } from './errors'

/** Parts that are there or on their way, by what they are called in messages. */
const parts = new Map<string, Promise<unknown>>()
/** Attempts after a failure: each needs a URL that the browser has not seen fail. */
let attempts = 0

/**
 * Loads a part of nanopeer that is a file of its own. One that did not load is asked for again by the next caller.
 *
 * @param name what it is called in messages; one part, one name
 * Rejects with `NanopeerError` `NETWORK`.
 */
export const load = <Module>(name: string, fetch: () => Promise<Module>): Promise<Module> => {
  const there = parts.get(name) as Promise<Module> | undefined
  if (there) return there
  const part = fetch()
    .catch((error: unknown) => loadAgain<Module>(error))
    .catch((cause: unknown) => {
      parts.delete(name)
      const message = `A file of ${name} did not load. Check that this device is online; if it is, reload the page.`
      throw cause instanceof NanopeerError ? cause : new NanopeerError('NETWORK', message, { cause })
    })
  parts.set(name, part)
  return part
}

/**
 * Browsers remember a failed import by its URL (the HTML standard was changed, not all have followed), so that asking
 * again by the same one fails without a look. Their error names it; with a query it is another one.
 */
const loadAgain = async <Module>(error: unknown): Promise<Module> => {
  const url = error instanceof Error && /https?:\/\/\S+/.exec(error.message)?.[0]
  if (!url) throw error
  const again = `${url}${url.includes('?') ? '&' : '?'}again=${++attempts}`
  return import(/* webpackIgnore: true */ /* @vite-ignore */ again)
}
