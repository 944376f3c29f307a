import {
  currentValue,
  type InputArguments,
  type InputOf,
  initialValue,
  type ReadableAtom,
  type Skip,
  type Views,
} from '@nanopeer/core/adapter'
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  getCurrentScope,
  hasInjectionContext,
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

/** The value of whatever store `find` gives, which is held while the component is mounted, or the scope active. */
export function useLatest<Value>(find: () => ReadableAtom<Value>): () => Value {
  const value = shallowRef(initialValue(find()))
  startInScope(() =>
    watch(
      find,
      ($store, _before, onCleanup) => {
        onCleanup($store.listen((next) => (value.value = next as Value)))
        value.value = currentValue($store)
      },
      { immediate: true, flush: 'sync' },
    ),
  )
  return () => value.value
}

const outOfScope =
  'a composable is in no component and no effectScope(), as behind an await outside of <script setup>: nothing ever ends it.'

/**
 * Starts something that belongs to the scope of now, once that scope is at work. A component's own begins when it is
 * mounted. Any other, such as that of a store which many components share, outlives the component that happens to be
 * the first to ask for it. On a server nothing starts.
 */
function startInScope(start: () => unknown): void {
  const scope = getCurrentScope()
  const instance = getCurrentInstance()
  const isPage = typeof document !== 'undefined'
  if (!instance) {
    // On a server, what asks ahead of all components is a plugin of an app that is rendered there; a program has no app.
    if (isPage && !scope) console.warn(`nanopeer: ${outOfScope}`)
    if (isPage || !hasInjectionContext()) start()
  } else if (instance.isMounted) start()
  // `scope` is not among the public types of an instance.
  else if (!scope || scope === Reflect.get(instance, 'scope')) {
    // A hydrating component must first say what the server said.
    if (instance.vnode.el) onMounted(start)
    else onBeforeMount(start)
  } else if (isPage) {
    if (instance.vnode.el) queueMicrotask(() => scope.active && scope.run(start))
    else start()
  }
}

/** What every composable is: the view that core makes of its arguments, held while mounted. */
export function useView<Arguments extends readonly unknown[], Value, Shown extends object | null>(
  create: () => Views<Arguments, Value, Shown>,
  ...given: { [Index in keyof Arguments]: MaybeRefOrGetter<Arguments[Index]> }
): Refs<Shown> {
  const views = create()
  const now = () => given.map((argument) => toValue(argument)) as unknown as Arguments
  const value = useLatest(() => {
    views.commit(...now())
    return views.view(...now())
  })
  const shown = computed(() => views.show(value(), ...now()))
  const entries = Object.entries(shown.value ?? {}).map(([name, first]) => [
    name,
    typeof first === 'function' ? first : computed(() => Reflect.get(shown.value as object, name)),
  ])
  return Object.fromEntries(entries)
}
