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

/** The value of now. What a hook is given is never itself a function. */
export const toValue = <Value>(given: MaybeGetter<Value>): Value =>
  typeof given === 'function' ? (given as () => Value)() : given

const subscribers = new WeakMap<ReadableAtom, () => void>()

/** Makes whatever effect reads `$view` now run again when it changes; it is listened to meanwhile. */
function track($view: ReadableAtom): void {
  const subscribe = subscribers.get($view) ?? createSubscriber((update) => $view.listen(update))
  subscribers.set($view, subscribe)
  subscribe()
}

/** The value of whatever view `find` gives, which is held while the component is mounted, read or not. */
export function useLatest<Value>(find: () => ReadableAtom<Value>): () => Value {
  const latest = () => {
    const $view = find()
    track($view)
    return currentValue($view)
  }
  // A store from a getter is a plain effect of it: this file needs no compiler.
  onMount(() => toStore(latest).subscribe(() => {}))
  return latest
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
  const latest = useLatest(find)
  const properties = Object.entries(initialValue(find()) ?? {}).map(([name, first]) => [
    name,
    {
      enumerable: true,
      get:
        typeof first === 'function'
          ? () => first
          : () => Reflect.get(views.show(latest(), ...now()) as object, name),
    },
  ])
  return Object.defineProperties({}, Object.fromEntries(properties)) as Shown
}
