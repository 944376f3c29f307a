import { NanopeerError } from './errors'

/** Only a reload of the page helps: its browser remembers that a file did not load, and asks nobody again. */
export class ReloadError extends NanopeerError {}

/** Parts that are there or on their way, by what they are called in messages. */
const parts = new Map<string, Promise<unknown>>()
/** URLs that have failed: the browser may remember them (docs/decisions/0019). */
const failed = new Set<string>()
/** Each import by another URL needs one that the browser has not seen. */
let queries = 0

/**
 * Loads a part of nanopeer that is a file of its own. One that did not load is asked for again by the next caller.
 * Rejects with `NanopeerError` `NETWORK`.
 *
 * @param name what it is called in messages; one part, one name
 * @param fetch imports it
 * @param member what it exports, by which it is known
 */
export const load = <Module extends object>(
  name: string,
  fetch: () => Promise<Module>,
  member: keyof Module,
): Promise<Module> => {
  const there = parts.get(name) as Promise<Module> | undefined
  if (there) return there
  const part = fetch()
    .catch((error: unknown) => loadByOtherUrl(error, fetch, member))
    // Vite gives nothing where the app has said that it looks after files that do not load.
    .then((module) => module ?? Promise.reject(new TypeError('An import gave nothing.')))
    .catch((cause: unknown) => {
      parts.delete(name)
      if (cause instanceof NanopeerError) throw cause
      const ErrorClass = cause instanceof Remembered ? ReloadError : NanopeerError
      const advice =
        cause instanceof Remembered ? 'Reload' : 'Check that this device is online; if it is, reload'
      throw new ErrorClass('NETWORK', `A file of ${name} did not load. ${advice} the page.`, { cause })
    })
  parts.set(name, part)
  return part
}

/** A file that another URL of it brings, and its own does not. */
class Remembered extends Error {}

/**
 * Firefox remembers by its URL that a file did not load, until the page is loaded again; with a query it is another one.
 * Only a URL that has failed before is asked for so: all other browsers ask again, and should have one copy of a file.
 */
const loadByOtherUrl = async <Module extends object>(
  error: unknown,
  fetch: () => Promise<Module>,
  member: keyof Module,
  tried: readonly string[] = [],
): Promise<Module> => {
  const url = urlIn(error)
  if (!url) throw error
  const isNew = !failed.has(url)
  failed.add(url)
  if (isNew || tried.includes(url)) throw error
  const other = `${url}${url.includes('?') ? '&' : '?'}again=${++queries}`
  let module: Module
  try {
    module = await import(/* webpackIgnore: true */ /* @vite-ignore */ other)
  } catch (otherError) {
    return loadByOtherUrl(otherError, fetch, member, [...tried, url])
  }
  if (member in module) return module
  // It was a file that the part needs, and asks for by the URL that has failed.
  return fetch().catch((cause: unknown) => {
    throw new Remembered('The browser remembers a failure.', { cause })
  })
}

/** The file that did not load: Chromium and Firefox end their message with its URL. */
const urlIn = (error: unknown): string | undefined =>
  error instanceof TypeError
    ? /module: (\S+)$/.exec(error.message)?.[1]?.replace(/[?&]again=\d+$/, '')
    : undefined
