import type { Component, Harness } from '@nanopeer/conformance'
import { flushSync, mount, unmount } from 'svelte'
import Shown from './Shown.svelte'

/** Runs components in Svelte. */
export const svelteHarness: Harness = {
  name: 'Svelte 5',
  mount<Props, Given>(component: Component<Props, Given>, props: Props, copies = 1) {
    const target = document.body.appendChild(document.createElement('div'))
    let given = $state.raw(props)
    const results: Given[] = []
    const shown = Array.from({ length: copies }, (_, copy) =>
      mount(Shown, {
        target,
        props: {
          copy,
          component: component as Component<unknown, unknown>,
          get given() {
            return given
          },
          rendered: (result: unknown) => results.push(result as Given),
        },
      }),
    )
    flushSync()
    return {
      texts: () => [...target.querySelectorAll('output')].map((output) => output.textContent ?? ''),
      given: () => results[0] as Given,
      update(next: Props) {
        given = next
      },
      unmount() {
        for (const one of shown) void unmount(one)
        target.remove()
      },
    }
  },
}
