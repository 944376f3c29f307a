import {
  currentValue,
  type InputArguments,
  type InputOf,
  initialValue,
  type ReadableAtom,
  type Skip,
  type Views,
} from '@nanopeer/core/adapter'
import { onMount } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { toStore } from 'svelte/store'

/** A value, or a function that reads one from runes: only the second follows what changes. */
export type MaybeGetter<Value> = Value | (() => Value)

/** What follows the action in a call. */
export type InputAndOptions<A, Options> = InputArguments<
  A,
  MaybeGetter<Options | undefined>,
  MaybeGetter<InputOf<A> | Skip>
>

/** The value of now. A hook that takes a function is given a getter of one. */
export const toValue = <Value>(given: MaybeGetter<Value>): Value =>
  typeof given === 'function' ? (given as () => Value)() : given

/** What follows a store, by the name of what was read of it. */
const subscribers = new WeakMap<ReadableAtom, Map<string, () => void>>()

/**
 * Makes whatever effect reads `$view` now run again when it says something else.
 *
 * @param name what was read of it; whatever reads the same is told together
 * @param hasChanged whether that is something else now
 * @param tracked called once there is such an effect
 */
function track($view: ReadableAtom, name: string, hasChanged: () => boolean, tracked: () => void): void {
  const byName = subscribers.get($view) ?? new Map<string, () => void>()
  const subscribe =
    byName.get(name) ??
    createSubscriber((update) => {
      tracked()
      return $view.listen(() => {
        if (hasChanged()) update()
      })
    })
  subscribers.set($view, byName.set(name, subscribe))
  subscribe()
}

/**
 * The value of whatever view `find` gives, which is held while the component is mounted, read or not.
 *
 * @param isStale whether what was read is no longer so
 */
export function useLatest<Value>(
  find: () => ReadableAtom<Value>,
  isStale: () => boolean = () => true,
): (name?: string, hasChanged?: () => boolean) => Value {
  /** Before it was mounted: what is read later, when something is clicked, is that of then. */
  let isRead = false
  let isTracked = false
  let isMounted = false
  // A store from a getter is a plain effect of it: this file needs no compiler.
  onMount(() => {
    isMounted = true
    let release = () => {}
    const stop = toStore(find).subscribe(($view) => {
      release()
      release = $view.listen(() => {
        if (isRead && !isTracked && isStale()) warnAboutRunes()
      })
    })
    return () => {
      stop()
      release()
    }
  })
  return (name = '', hasChanged = () => true) => {
    isRead ||= !isMounted
    const $view = find()
    track($view, name, hasChanged, () => {
      isTracked = true
    })
    // On a server nothing is made that only a page has a use for, such as an id.
    return typeof document === 'undefined' ? initialValue($view) : currentValue($view)
  }
}

let isWarned = false

/** A component without runes, or what was taken out of a hook's object, shows its first value for ever, and does not say so. */
function warnAboutRunes(): void {
  if (isWarned) return
  isWarned = true
  console.warn(
    'nanopeer: what a hook gives has changed, and nothing follows it. A component needs runes (`<svelte:options runes />`) ' +
      'and reads `nas.status`, not a `status` that was taken out of it; without runes, use the stores: `$nasStatus`.',
  )
}

/** What every hook is: the view that core makes of its arguments, held while mounted. */
export function useView<Arguments extends readonly unknown[], Value, Shown extends object | null>(
  create: () => Views<Arguments, Value, Shown>,
  ...given: { [Index in keyof Arguments]: MaybeGetter<Arguments[Index]> }
): Shown {
  const views = create()
  const now = () => given.map((argument) => toValue(argument)) as unknown as Arguments
  const find = () => {
    views.commit(...now())
    return views.view(...now())
  }
  /** What was read last, by name. */
  const seen = new Map<string, unknown>()
  const read = (value: Value, name: string) => Reflect.get(views.show(value, ...now()) as object, name)
  const isStale = () => {
    const value = currentValue(find())
    return [...seen].some(([name, before]) => !Object.is(before, read(value, name)))
  }
  const latest = useLatest(find, isStale)
  const properties = Object.entries(initialValue(find()) ?? {}).map(([name, first]) => [
    name,
    {
      enumerable: true,
      get() {
        if (typeof first === 'function') return first
        // A list of rows does not run again because its peer, which they are given, has opened.
        const hasChanged = () => {
          try {
            return !Object.is(seen.get(name), read(currentValue(find()), name))
          } catch {
            // A `select` that throws does so again where it is read: in a boundary.
            return true
          }
        }
        const value = read(latest(name, hasChanged), name)
        seen.set(name, value)
        return value
      },
    },
  ])
  return Object.defineProperties({}, Object.fromEntries(properties)) as Shown
}
