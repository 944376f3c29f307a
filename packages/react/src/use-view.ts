import { currentValue, initialValue, type Views } from '@nanopeer/core/adapter'
import { useInsertionEffect, useState, useSyncExternalStore } from 'react'

/** What every hook is: the view that core makes of its arguments, held while mounted. */
export function useView<Arguments extends readonly unknown[], Value, Shown>(
  create: () => Views<Arguments, Value, Shown>,
  ...given: Arguments
): Shown {
  const [views] = useState(create)
  // Before any effect of this render can run, which may already rely on the functions it was given.
  useInsertionEffect(() => views.commit(...given))
  const $view = views.view(...given)
  return useSyncExternalStore(
    $view.listen,
    () => views.show(currentValue($view), ...given),
    () => views.show(initialValue($view), ...given),
  )
}
