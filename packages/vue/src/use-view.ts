import type { InputArguments, InputOf, ReadableAtom, Skip, Views } from '@nanopeer/core/adapter'
import { bindViews, currentValue, initialValue } from '@nanopeer/core/adapter'
import type { ComputedRef, MaybeRefOrGetter, WatchCallback } from 'vue'
import { computed, shallowRef, toValue, watch } from 'vue'
import { startInScope } from './start-in-scope'

/** A plain object of refs; functions are as they were. */
export type Refs<Value> = {
  readonly [Name in keyof Value]: Value[Name] extends (...given: never[]) => unknown
    ? Value[Name]
    : ComputedRef<Value[Name]>
}

/** What a composable is called with, for what core calls its arguments. */
export type Given<Arguments> = { [Index in keyof Arguments]: MaybeRefOrGetter<Arguments[Index]> }

/** What follows the action in a call. */
export type InputAndOptions<A, Options> = InputArguments<
  A,
  MaybeRefOrGetter<Options | undefined>,
  MaybeRefOrGetter<InputOf<A> | Skip>
>

/** The value of whatever store `find` gives, which is held while the component is mounted, or the scope active. */
export function useLatest<Value>(find: () => ReadableAtom<Value>): () => Value {
  const value = shallowRef(initialValue(find()))
  const follow: WatchCallback<ReadableAtom<Value>, unknown> = ($store, _before, onCleanup) => {
    onCleanup($store.listen((next) => (value.value = next as Value)))
    value.value = currentValue($store)
  }
  startInScope(() => watch(find, follow, { immediate: true, flush: 'sync' }))
  return () => value.value
}

/** What every composable is: the view that core makes of its arguments, held while mounted. */
export function useView<Arguments extends readonly unknown[], Value, Shown extends object | null>(
  create: () => Views<Arguments, Value, Shown>,
  ...given: Given<Arguments>
): Refs<Shown> {
  const { find, show } = bindViews(create(), () => given.map(toValue))
  const value = useLatest(find)
  const shown = computed(() => show(value()))
  const entries = Object.entries(shown.value ?? {}).map(([name, first]) => [
    name,
    typeof first === 'function' ? first : computed(() => Reflect.get(shown.value as object, name)),
  ])
  return Object.fromEntries(entries)
}
