import { hydrationConformance } from '@nanopeer/conformance'
import { createTestNetwork } from '@nanopeer/core/testing'
import { createSSRApp } from 'vue'
import { markup } from './markup'
import { createShown } from './shown'

hydrationConformance(
  {
    name: 'Vue 3',
    markup,
    hydrate(component, props, container) {
      const app = createSSRApp(createShown(component, () => props))
      app.mount(container)
      return () => app.unmount()
    },
  },
  { transport: createTestNetwork().transport },
)
