import { type Component, hydrationConformance } from '@nanopeer/conformance'
import { createTestNetwork } from '@nanopeer/core/testing'
import { hydrate, unmount } from 'svelte'
import { markup } from './markup'
import Shown from './Shown.svelte'

hydrationConformance(
  {
    name: 'Svelte 5',
    markup,
    hydrate(component, props, target) {
      const app = hydrate(Shown, {
        target,
        props: { component: component as Component<unknown, unknown>, given: props },
      })
      return () => void unmount(app)
    },
  },
  { transport: createTestNetwork().transport },
)
