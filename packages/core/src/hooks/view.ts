import { atom, onStart, onStop, type ReadableAtom } from 'nanostores'
import { NanopeerError } from '../errors'
import { isSameSnapshot } from '../request/equal'

/** A store with everything one hook gives. `init` is what a server renders, and so the first client render. */
export type View<Value> = ReadableAtom<Value> & { readonly init: Value; readonly value: Value }

/** What stands behind one mounted hook, for whatever arguments it is called with. */
export interface Views<Arguments extends readonly unknown[], Value> {
  /** The view for these arguments; the same one while they mean the same. Opens nothing, so a render may ask. */
  view(...given: Arguments): View<Value>
  /** These arguments are on screen now: their functions are the ones to call. */
  commit(...given: Arguments): void
}

/** The value of a store without listening to it: nanostores' `get()` would start what the store stands for. */
export const peek = <Value>($store: ReadableAtom<Value>): Value => $store.value as Value

/** The result, or the error with which nanopeer refused. */
export const attempt = <Result>(act: () => Result): Result | NanopeerError => {
  try {
    return act()
  } catch (error) {
    if (error instanceof NanopeerError) return error
    throw error
  }
}

/** Creates a view of other stores, which it listens to, and so holds, while it is listened to itself. */
export function createView<Value>(
  sources: readonly ReadableAtom[],
  init: Value,
  now: () => Value,
): View<Value> {
  const $view = atom<Value>(init)
  $view.eq = isSameSnapshot
  let kept = init
  Object.defineProperty($view, 'value', {
    get() {
      // A render reads before it listens: of two in one transition, neither may say what no longer is.
      if ($view.lc === 0) {
        const value = now()
        if (!isSameSnapshot(kept, value)) kept = value
      }
      return kept
    },
    set(value: Value) {
      kept = value
    },
  })
  const refresh = () => $view.set(now())
  let undo: (() => void)[] = []
  onStart($view, () => {
    undo = sources.map(($source) => $source.listen(refresh))
    // What has changed since somebody looked.
    refresh()
  })
  onStop($view, () => {
    for (const unlisten of undo) unlisten()
  })
  return $view as View<Value>
}

/** One set of arguments of a hook, and what was made of it. */
interface Kept<Subject, Value> {
  readonly identity: readonly unknown[]
  readonly subject: Subject
  readonly $view: View<Value>
}

/**
 * Remembers what was last made of a hook's arguments, and what is on screen: a concurrent render may ask for new
 * ones and be thrown away.
 */
export function remember<Arguments extends readonly unknown[], Subject, Value>(
  /** What the arguments mean, compared part by part. */
  identify: (...given: Arguments) => readonly unknown[],
  /** `shown`: what is on screen until the new one is. */
  make: (shown: Subject | null, ...given: Arguments) => { subject: Subject; $view: View<Value> },
) {
  let shown: Kept<Subject, Value> | null = null
  let latest: Kept<Subject, Value> | null = null
  return {
    view(...given: Arguments): View<Value> {
      const identity = identify(...given)
      const known = [latest, shown].find((kept) => kept !== null && isSame(kept.identity, identity))
      if (known) return known.$view
      const made: Kept<Subject, Value> = { identity, ...make(shown?.subject ?? null, ...given) }
      onStart(made.$view, () => {
        shown = made
      })
      latest = made
      return made.$view
    },
    /** What is on screen; before anything is, what will be. */
    current: (): Subject | null => (shown ?? latest)?.subject ?? null,
  }
}

/** Nothing to do when arguments come on screen: they hold no functions. */
export const commitNothing = (): void => {}

const isSame = (before: readonly unknown[], after: readonly unknown[]): boolean =>
  before.length === after.length && before.every((part, index) => Object.is(part, after[index]))
