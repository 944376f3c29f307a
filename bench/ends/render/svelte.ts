import { createPeer } from '@nanopeer/core'
import { type Component, mount, unmount } from 'svelte'
import Flood from './svelte/Flood.svelte'
import Hooks from './svelte/Hooks.svelte'
import Rows from './svelte/Rows.svelte'
import type { Framework } from './world'

const show = (target: HTMLElement, component: Component<Record<string, unknown>>, props: object) => {
  const shown = mount(component, { target, props: { ...props } })
  return () => void unmount(shown)
}

export const svelte: Framework = {
  hooks: (target, options) => show(target, Hooks, { options, peer: createPeer('laptop', options) }),
  rows: (target, options) => show(target, Rows, { options }),
  flood: (target, options) => show(target, Flood, { peer: createPeer('laptop', options) }),
}
