import type { InputArguments, InputOf, Skip, View, Views } from '@nanopeer/core/adapter'
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  type MaybeRefOrGetter,
  onBeforeMount,
  onMounted,
  shallowRef,
  toValue,
  watch,
} from 'vue'

/** A plain object of refs; functions are as they were. */
export type Refs<Value> = {
  readonly [Name in keyof Value]: Value[Name] extends (...given: never[]) => unknown
    ? Value[Name]
    : ComputedRef<Value[Name]>
}

/** What follows the action in a call. */
export type InputAndOptions<A, Options> = InputArguments<
  A,
  MaybeRefOrGetter<Options | undefined>,
  MaybeRefOrGetter<InputOf<A> | Skip>
>

/** The value of whatever view `find` gives, which is held while the component is mounted, or the scope active. */
export function useLatest<Value>(find: () => View<Value>): () => Value {
  const value = shallowRef(find().init)
  const follow = () =>
    watch(
      find,
      ($view, _before, onCleanup) => {
        onCleanup($view.listen((next) => (value.value = next as Value)))
        value.value = $view.value
      },
      { immediate: true, flush: 'sync' },
    )
  const instance = getCurrentInstance()
  // Neither hook runs on a server. A hydrating component must first say what the server said.
  if (!instance) follow()
  else if (instance.vnode.el) onMounted(follow)
  else onBeforeMount(follow)
  return () => value.value
}

/** What every composable is: the view that core makes of its arguments, held while mounted. */
export function useView<Arguments extends readonly unknown[], Value extends object | null>(
  create: () => Views<Arguments, Value>,
  ...given: { [Index in keyof Arguments]: MaybeRefOrGetter<Arguments[Index]> }
): Refs<Value> {
  const views = create()
  const value = useLatest(() => {
    const now = given.map((argument) => toValue(argument)) as unknown as Arguments
    views.commit(...now)
    return views.view(...now)
  })
  const entries = Object.entries(value() ?? {}).map(([name, first]) => [
    name,
    typeof first === 'function' ? first : computed(() => Reflect.get(value() as object, name)),
  ])
  return Object.fromEntries(entries)
}
