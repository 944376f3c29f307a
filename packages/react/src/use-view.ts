import type { Views } from '@nanopeer/core/adapter'
import { useInsertionEffect, useState } from 'react'
import { useStore } from './use-store'

/** What every hook is: the view that core makes of its arguments, held while mounted. */
export function useView<Arguments extends readonly unknown[], Value>(
  create: () => Views<Arguments, Value>,
  ...given: Arguments
): Value {
  const [views] = useState(create)
  // Before any effect of this render can run, which may already rely on the functions it was given.
  useInsertionEffect(() => views.commit(...given))
  return useStore(views.view(...given))
}
