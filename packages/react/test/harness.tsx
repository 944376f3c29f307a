import type { Component, Harness } from '@nanopeer/conformance'
import { type ReactNode, StrictMode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Shown } from './shown'

/** Runs components in React, in StrictMode or not. */
export const reactHarness = (name: string, strict: boolean): Harness => ({
  name: strict ? `${name} in StrictMode` : name,
  bodiesPerRender: strict ? 2 : 1,
  mount<Props, Given>(component: Component<Props, Given>, props: Props, copies = 1) {
    const container = document.body.appendChild(document.createElement('div'))
    const root = createRoot(container)
    const results: Given[] = []
    const update = (given: Props) => {
      const shown: ReactNode[] = Array.from({ length: copies }, (_, index) => (
        <Shown
          // biome-ignore lint/suspicious/noArrayIndexKey: the copies are all there is to tell apart
          key={index}
          component={component}
          given={given}
          copy={index}
          rendered={(result) => {
            results[index] = result
          }}
        />
      ))
      flushSync(() => root.render(strict ? <StrictMode>{shown}</StrictMode> : shown))
    }
    update(props)
    return {
      texts: () => [...container.querySelectorAll('output')].map((output) => output.textContent),
      given: () => results[0] as Given,
      update,
      unmount() {
        root.unmount()
        container.remove()
      },
    }
  },
})
