import { getCurrentInstance, getCurrentScope, hasInjectionContext, onBeforeMount, onMounted } from 'vue'

const outOfScope =
  'a composable is in no component and no effectScope(), as behind an await outside of <script setup>: nothing ever ends it.'

/**
 * Starts something that belongs to the scope of now, once that scope is at work. A component's own begins when it is
 * mounted. Any other, such as that of a store which many components share, outlives the component that happens to be
 * the first to ask for it. On a server nothing starts.
 */
export function startInScope(start: () => unknown): void {
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
