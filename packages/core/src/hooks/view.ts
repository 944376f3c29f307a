import { onStart, type ReadableAtom } from 'nanostores'
import { NanopeerError } from '../base/errors'
import type { Connection, Peer } from '../base/types'
import { derive, listenTo, undoAll, type View } from '../derive'

export type { View } from '../derive'

/** What stands behind one mounted hook, for whatever arguments it is called with. */
export interface Views<Arguments extends readonly unknown[], Value, Shown = Value> {
  /** The view for these arguments; the same one while they mean the same. Opens nothing, so a render may ask. */
  view(...given: Arguments): View<Value>
  /** These arguments are on screen now: their functions are the ones to call. */
  commit(...given: Arguments): void
  /** What these arguments make of the view's value: the same object while it says the same. */
  show(value: Value, ...given: Arguments): Shown
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
export const createView = <Value>(
  sources: readonly ReadableAtom[],
  init: Value,
  now: () => Value,
): View<Value> => derive(init, now, listenTo(...sources))

/**
 * Binds a hook's views to its arguments, which are read anew each time: for frameworks that call a hook once and follow what it
 * was given.
 */
export const bindViews = <Arguments extends readonly unknown[], Value, Shown>(
  views: Views<Arguments, Value, Shown>,
  read: () => readonly unknown[],
) => {
  const now = read as () => Arguments
  return {
    /** The view of the arguments of now, which are on screen. */
    find(): View<Value> {
      const given = now()
      views.commit(...given)
      return views.view(...given)
    },
    show: (value: Value): Shown => views.show(value, ...now()),
  }
}

/** What is made of arguments that ask for nothing. */
export const nothing = <Value>(says: Value) => ({ subject: null, $view: createView([], says, () => says) })

/** What is made of arguments that are acted on, and show nothing: done, and its peer or connection held, while listened to. */
export const acting = <On extends Peer | Connection>(
  on: On | null | undefined,
  act: (on: On) => () => void,
) => {
  if (!on) return nothing(null)
  const hold = () =>
    undoAll(
      act(on),
      on.$status.listen(() => {}),
    )
  return { subject: null, $view: derive(null, () => null, hold) }
}

/** What is made of a hook's arguments. */
interface Made<Subject, Value> {
  readonly subject: Subject
  readonly $view: View<Value>
}

/** One set of arguments of a hook, and what was made of it. */
interface Kept<Subject, Value> extends Made<Subject, Value> {
  readonly identity: readonly unknown[]
}

/**
 * Remembers what was last made of a hook's arguments, and what is on screen: a concurrent render may ask for new
 * ones and be thrown away.
 */
export function remember<Arguments extends readonly unknown[], Subject, Value>(
  /** What the arguments mean, compared part by part. */
  identify: (...given: Arguments) => readonly unknown[],
  /** `shown`: what is on screen until the new one is. */
  make: (shown: Subject | null, ...given: Arguments) => Made<Subject, Value>,
) {
  let shown: Kept<Subject, Value> | null = null
  let latest: Kept<Subject, Value> | null = null
  const find = (identity: readonly unknown[]): Kept<Subject, Value> | null | undefined =>
    [latest, shown].find((kept) => kept !== null && isSame(kept.identity, identity))
  return {
    view(...given: Arguments): View<Value> {
      const identity = identify(...given)
      const known = find(identity)
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
    /** What was made of these arguments, if anything was. */
    known: (...given: Arguments): Subject | null => find(identify(...given))?.subject ?? null,
    /** Of arguments that hold no functions there is nothing to call, and views are shown as they are. */
    commit(): void {},
    show: (value: Value): Value => value,
  }
}

const isSame = (before: readonly unknown[], after: readonly unknown[]): boolean =>
  before.length === after.length && before.every((part, index) => Object.is(part, after[index]))
