import type { InputArguments, InputOf, ReadableAtom, Skip, Views } from '@nanopeer/core/adapter'
import { bindViews, currentValue, initialValue } from '@nanopeer/core/adapter'
import { onMount } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { derived, toStore } from 'svelte/store'
import { warnAboutRunes } from './warn-about-runes'

/** A value, or a function that reads one from runes: only the second follows what changes. */
export type MaybeGetter<Value> = Value | (() => Value)

/** What a hook is called with, for what core calls its arguments. */
export type Given<Arguments> = { [Index in keyof Arguments]: MaybeGetter<Arguments[Index]> }

/** What follows the action in a call. */
export type InputAndOptions<A, Options> = InputArguments<
  A,
  MaybeGetter<Options | undefined>,
  MaybeGetter<InputOf<A> | Skip>
>

/** The value of now. A hook that takes a function is given a getter of one. */
export const toValue = <Value>(given: MaybeGetter<Value>): Value =>
  typeof given === 'function' ? (given as () => Value)() : given

/** What every hook is: the view that core makes of its arguments, as getters, held while mounted, read or not. */
export function useView<Arguments extends readonly unknown[], Value, Shown extends object | null>(
  create: () => Views<Arguments, Value, Shown>,
  ...given: Given<Arguments>
): Shown {
  const { find, show } = bindViews(create(), () => given.map(toValue))
  return useFields(find, show, initialValue(find()) as object | null)
}

/**
 * What whatever store `find` gives says, as getters: an effect runs again when what it reads is something else. The store is
 * held while the component is mounted, read or not.
 *
 * @param show the fields that are made of the store's value
 * @param first the same fields, to begin with; functions stay as they are
 */
export function useFields<Value, Shown extends object | null>(
  find: () => ReadableAtom<Value>,
  show: (value: Value) => Shown,
  first: object | null,
): Shown {
  // A store from a getter is a plain effect of it: this file needs no compiler.
  const $found = toStore(find)
  /** Listens to whatever store is found: `derived` lets go of one before it listens to the next. `look`: at each of them. */
  const hold = (changed: () => unknown, look = () => {}) =>
    derived($found, ($store, _set) => {
      const stop = $store.listen(changed)
      look()
      return stop
    }).subscribe(() => {})
  const read = (name: string): unknown => {
    // On a server nothing is made that only a page has a use for, such as an id.
    const valueNow = typeof document === 'undefined' ? initialValue : currentValue
    return Reflect.get(show(valueNow(find())) as object, name)
  }
  /** The same; something new each time where it throws. A `select` does so again where it is read: in a boundary. */
  const attempt = (name: string): unknown => {
    try {
      return read(name)
    } catch {
      return {}
    }
  }
  /** What was read last, by name. */
  const seen = new Map<string, unknown>()
  /** Whether it is something else now: a list of rows does not run again because its peer, which they are given, has opened. */
  const hasChanged = (name: string): boolean => !Object.is(seen.get(name), attempt(name))
  let isTracked = false
  onMount(() => {
    // What is read later, when something is clicked, is that of then.
    const shownFirst = [...seen.keys()]
    return hold(() => !isTracked && shownFirst.some(hasChanged) && warnAboutRunes())
  })
  const shown = { ...first }
  for (const [name, value] of Object.entries(shown)) {
    if (typeof value === 'function') continue
    const track = createSubscriber((update) => {
      isTracked = true
      /** What it said when it told last: what was read last may have been read by others, and before it was told. */
      let told: unknown
      const look = () => {
        told = attempt(name)
      }
      return hold(() => {
        const before = told
        look()
        if (!Object.is(before, told) || hasChanged(name)) update()
      }, look)
    })
    const get = () => {
      // Held, and then read: to hold it may change what it says.
      track()
      seen.set(name, read(name))
      return seen.get(name)
    }
    Object.defineProperty(shown, name, { get })
  }
  return shown as Shown
}
