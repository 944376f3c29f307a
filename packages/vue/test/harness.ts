import type { Component, Harness } from '@nanopeer/conformance'
import { createApp, h, shallowRef } from 'vue'
import { createShown } from './shown'

/** Runs components in Vue. */
export const vueHarness: Harness = {
  name: 'Vue 3',
  mount<Props, Given>(component: Component<Props, Given>, props: Props, copies = 1) {
    const container = document.body.appendChild(document.createElement('div'))
    const now = shallowRef(props)
    const results: Given[] = []
    const Shown = createShown(
      component,
      () => now.value,
      (result) => results.push(result),
    )
    const app = createApp({
      render: () => Array.from({ length: copies }, (_, copy) => h(Shown, { key: copy, copy })),
    })
    app.mount(container)
    return {
      texts: () => [...container.querySelectorAll('output')].map((output) => output.textContent ?? ''),
      given: () => results[0] as Given,
      update(given: Props) {
        now.value = given
      },
      unmount() {
        app.unmount()
        container.remove()
      },
    }
  },
}
