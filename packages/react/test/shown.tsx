import type { Component } from '@nanopeer/conformance'
import { useInsertionEffect } from 'react'
import { hooks } from './hooks'

interface Properties<Props, Given> {
  readonly component: Component<Props, Given>
  readonly given: Props
  readonly copy?: number
  readonly rendered?: (given: Given) => void
}

/** A component of the conformance suite. */
export function Shown<Props, Given>({ component, given, copy = 0, rendered }: Properties<Props, Given>) {
  const result = component.setup(hooks, () => given, copy)
  useInsertionEffect(() => rendered?.(result))
  return <output>{component.text(result)}</output>
}
